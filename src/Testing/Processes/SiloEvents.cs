using System.Runtime.CompilerServices;

namespace FaultTolerance.Testing.Processes;

/// <summary>The events of all silos of a cluster, in the order in which the driver received them.</summary>
/// <remarks>
/// To await what an action causes, take <see cref="Position"/>, act, and wait for an event after that position: an event
/// that comes before the wait begins is not missed. Any member may be used from any thread.
/// </remarks>
public sealed class SiloEvents(TimeProvider timeProvider)
{
    /// <summary>The number of events that are kept; older ones are dropped.</summary>
    public const int MaxKept = 10_000;

    private readonly Lock _lock = new();
    private readonly Queue<SiloEvent> _kept = new();
    private readonly List<Waiter> _waiters = [];
    private long _position;

    /// <summary>Gets the position of the newest event; 0 before the first.</summary>
    public long Position
    {
        get
        {
            lock (_lock)
            {
                return _position;
            }
        }
    }

    /// <summary>Returns the events that are kept, oldest first.</summary>
    public IReadOnlyList<SiloEvent> ToList()
    {
        lock (_lock)
        {
            return [.. _kept];
        }
    }

    /// <summary>Waits for an event: the oldest that meets the condition, whether it has come already or comes yet.</summary>
    /// <param name="predicate">The condition. It is called under the stream's lock and must return at once.</param>
    /// <param name="after">The position after which the event must lie.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<SiloEvent> WaitForAsync(Func<SiloEvent, bool> predicate, long after = 0, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        Waiter waiter;
        lock (_lock)
        {
            if (_kept.FirstOrDefault(e => e.Position > after && predicate(e)) is { } found)
            {
                return found;
            }

            waiter = new Waiter(after, predicate);
            _waiters.Add(waiter);
        }

        try
        {
            return await waiter.Found.Task.WaitAsync(cancellationToken);
        }
        finally
        {
            lock (_lock)
            {
                _waiters.Remove(waiter);
            }
        }
    }

    /// <summary>Returns every event after a position, as they come, without end.</summary>
    public async IAsyncEnumerable<SiloEvent> ReadAllAsync(long after = 0, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var next = await WaitForAsync(_ => true, after, cancellationToken);
            after = next.Position;
            yield return next;
        }
    }

    internal void Add(SiloEvent siloEvent)
    {
        lock (_lock)
        {
            siloEvent = siloEvent with { Position = ++_position, At = timeProvider.GetUtcNow() };
            _kept.Enqueue(siloEvent);
            if (_kept.Count > MaxKept)
            {
                _kept.Dequeue();
            }

            foreach (var waiter in _waiters.Where(w => siloEvent.Position > w.After && w.Predicate(siloEvent)))
            {
                waiter.Found.TrySetResult(siloEvent);
            }
        }
    }

    private sealed record Waiter(long After, Func<SiloEvent, bool> Predicate)
    {
        public TaskCompletionSource<SiloEvent> Found { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
