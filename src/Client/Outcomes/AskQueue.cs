namespace FaultTolerance.Outcomes;

/// <summary>The tasks that callers wait for, in the order in which it is time to ask the store for them. The table's lock guards it.</summary>
/// <remarks>
/// One list for each time between questions: at once, then after the silence, then each time half as long again, up to the
/// longest. Within a list everybody waits equally long, so that its oldest entry is always the next.
/// </remarks>
internal sealed class AskQueue
{
    private readonly OutcomeList[] _lists;
    private readonly TimeSpan[] _patience;

    public AskQueue(TimeSpan silence, TimeSpan longest)
    {
        var patience = new List<TimeSpan> { TimeSpan.Zero, silence };
        while (patience[^1] < longest)
        {
            var next = patience[^1] * 1.5;
            patience.Add(next < longest ? next : longest);
        }

        _patience = [.. patience];
        _lists = [.. patience.Select(_ => new OutcomeList())];
    }

    public void Add(OutcomeEntry entry) => _lists[entry.Level].Add(entry);

    /// <summary>Sets the time of an entry's next question: at once, or after the silence.</summary>
    public static void Start(OutcomeEntry entry, bool atOnce, TimeSpan now) => (entry.Level, entry.Since) = (atOnce ? 0 : 1, now);

    /// <summary>Sets the time of the next question after one in vain: at once where the answer had no room for the task.</summary>
    public void Postpone(OutcomeEntry entry, bool isLeftOut, TimeSpan now) =>
        (entry.Level, entry.Since) = (isLeftOut ? 0 : Math.Min(entry.Level + 1, _patience.Length - 1), now);

    /// <summary>Takes out those of whom it is time to ask.</summary>
    /// <param name="most">The most entries to take.</param>
    /// <param name="now">The time.</param>
    /// <param name="jitter">By what to multiply the time between questions.</param>
    public List<OutcomeEntry> TakeDue(int most, TimeSpan now, double jitter)
    {
        var due = new List<OutcomeEntry>();
        for (var level = 0; level < _lists.Length; level++)
        {
            while (due.Count < most && _lists[level].Oldest is { } oldest && oldest.Since + (_patience[level] * jitter) <= now)
            {
                _lists[level].Remove(oldest);
                due.Add(oldest);
            }
        }

        return due;
    }

    /// <summary>Returns when it is time to ask; null when nobody waits.</summary>
    public TimeSpan? NextDue(double jitter)
    {
        TimeSpan? next = null;
        for (var level = 0; level < _lists.Length; level++)
        {
            if (_lists[level].Oldest is { } oldest)
            {
                var due = oldest.Since + (_patience[level] * jitter);
                next = next < due ? next : due;
            }
        }

        return next;
    }
}
