using System.Runtime.InteropServices;

namespace FaultTolerance.Storage.Commits;

/// <summary>
/// The writes that wait: those that may be committed now, and those that wait behind an earlier write with the same key.
/// </summary>
/// <remarks>
/// A write holds its keys from <see cref="Add"/> on, or stands in line for them, until <see cref="Release"/>. Whatever is
/// ready is thus the only one of its keys, in every batch under way, and writes of one key keep their order. Since a write
/// lines up for all of its keys at once, lines cannot wait for each other in a circle. Not thread-safe.
/// </remarks>
internal sealed class CommitQueue<TWrite, TResult>(CommitTarget<TWrite, TResult> target)
{
    private readonly Dictionary<RowKey, Queue<Waiting>?> _held = [];
    private readonly Queue<PendingWrite<TWrite, TResult>> _ready = new();

    /// <summary>How many writes wait or are under way.</summary>
    public int Count { get; private set; }

    /// <summary>How many writes may be committed now.</summary>
    public int Ready => _ready.Count;

    public void Add(in PendingWrite<TWrite, TResult> pending)
    {
        Count++;
        Waiting? waiting = null;
        Hold(target.KeyOf(pending.Write), in pending, ref waiting);
        if (target.SecondKeyOf(pending.Write) is { } second)
        {
            Hold(second, in pending, ref waiting);
        }

        if (waiting is null)
        {
            _ready.Enqueue(pending);
        }
    }

    /// <summary>Takes what may be committed now, first come first served, up to a number of writes and of bytes.</summary>
    public PendingWrite<TWrite, TResult>[] Take(int maxWrites, int maxBytes)
    {
        var taken = new PendingWrite<TWrite, TResult>[Math.Min(maxWrites, _ready.Count)];
        var (count, bytes) = (0, 0L);
        while (count < taken.Length)
        {
            bytes += target.SizeOf(_ready.Peek().Write);
            if (count > 0 && bytes > maxBytes)
            {
                return taken[..count];
            }

            taken[count++] = _ready.Dequeue();
        }

        return taken;
    }

    /// <summary>Lets the keys of answered writes go to the next in line.</summary>
    public void Release(PendingWrite<TWrite, TResult>[] answered)
    {
        foreach (ref readonly var pending in answered.AsSpan())
        {
            Count--;
            LetGo(target.KeyOf(pending.Write));
            if (target.SecondKeyOf(pending.Write) is { } second)
            {
                LetGo(second);
            }
        }
    }

    private void Hold(RowKey key, in PendingWrite<TWrite, TResult> pending, ref Waiting? waiting)
    {
        ref var line = ref CollectionsMarshal.GetValueRefOrAddDefault(_held, key, out var isHeld);
        if (isHeld)
        {
            waiting ??= new Waiting(pending);
            waiting.Lines++;
            (line ??= new()).Enqueue(waiting);
        }
    }

    private void LetGo(RowKey key)
    {
        var line = _held[key];
        if (line is not { Count: > 0 })
        {
            _held.Remove(key);
        }
        else if (line.Dequeue() is var next && --next.Lines == 0)
        {
            _ready.Enqueue(next.Pending);
        }
    }

    private sealed class Waiting(in PendingWrite<TWrite, TResult> pending)
    {
        public PendingWrite<TWrite, TResult> Pending { get; } = pending;

        /// <summary>In how many lines the write is not the first.</summary>
        public int Lines { get; set; }
    }
}
