namespace FaultTolerance.Outcomes;

/// <summary>A list of entries, oldest first, out of which any entry is taken in constant time and without garbage.</summary>
internal sealed class OutcomeList
{
    private OutcomeEntry? _newest;

    public OutcomeEntry? Oldest { get; private set; }

    public int Count { get; private set; }

    public void Add(OutcomeEntry entry)
    {
        (entry.List, entry.Previous, entry.Next) = (this, _newest, null);
        Link(entry);
    }

    public void AddAsOldest(OutcomeEntry entry)
    {
        (entry.List, entry.Previous, entry.Next) = (this, null, Oldest);
        Link(entry);
    }

    public void Remove(OutcomeEntry entry)
    {
        if (entry.Previous is { } previous)
        {
            previous.Next = entry.Next;
        }
        else
        {
            Oldest = entry.Next;
        }

        if (entry.Next is { } next)
        {
            next.Previous = entry.Previous;
        }
        else
        {
            _newest = entry.Previous;
        }

        (entry.List, entry.Previous, entry.Next) = (null, null, null);
        Count--;
    }

    private void Link(OutcomeEntry entry)
    {
        if (entry.Previous is { } previous)
        {
            previous.Next = entry;
        }
        else
        {
            Oldest = entry;
        }

        if (entry.Next is { } next)
        {
            next.Previous = entry;
        }
        else
        {
            _newest = entry;
        }

        Count++;
    }
}
