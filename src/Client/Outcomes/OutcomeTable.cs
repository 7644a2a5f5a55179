using FaultTolerance.Gateways;

namespace FaultTolerance.Outcomes;

/// <summary>What the client knows of tasks: those under way to the cluster, expected, waited for, and ended.</summary>
/// <remarks>
/// Only what callers wait for is without a limit, for it is limited by the callers. Expected and ended tasks that nobody
/// waits for are dropped, oldest first; a later wait asks the store. An outcome may come before the reply to its submit, and
/// more than once: the first one counts.
/// </remarks>
internal sealed class OutcomeTable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<TaskId, OutcomeEntry> _entries = [];
    private readonly OutcomeList _expected = new();
    private readonly OutcomeList _kept = new();
    private readonly AskQueue _toAsk;
    private readonly FaultToleranceClientOptions _options;
    private readonly ClientClock _clock;
    private long _keptBytes;
    private int _waitedForCount;

    public OutcomeTable(FaultToleranceClientOptions options, ClientClock clock)
    {
        (_options, _clock) = (options, clock);
        _toAsk = new AskQueue(options.Silence, options.MaxSilence);
    }

    /// <summary>Gets the number of tasks that callers wait for.</summary>
    public int WaitedForCount => Locked(() => _waitedForCount);

    /// <summary>Gets the number of outcomes that are kept for a later question, and their size in bytes.</summary>
    public (int Count, long Bytes) Kept => Locked(() => (_kept.Count, _keptBytes));

    /// <summary>Gets the number of tasks known in any way.</summary>
    public int Count => Locked(() => _entries.Count);

    /// <summary>Notes that a submit is on its way: that the store does not know the task yet means nothing.</summary>
    public void Submitting(TaskId id)
    {
        lock (_gate)
        {
            Entry(id).IsSubmitting = true;
        }
    }

    /// <summary>Notes that a submit has ended.</summary>
    /// <param name="id">The id that the call was submitted under.</param>
    /// <param name="isExpected">Whether the cluster will tell this client of the task's outcome.</param>
    public void Submitted(TaskId id, bool isExpected)
    {
        lock (_gate)
        {
            if (!_entries.TryGetValue(id, out var entry))
            {
                return;
            }

            (entry.IsSubmitting, entry.IsExpected) = (false, isExpected);
            if (entry.Outcome is null)
            {
                AskQueue.Start(entry, atOnce: !isExpected, _clock.Now);
                Place(entry);
            }
        }
    }

    /// <summary>Waits for a task's outcome; every call is followed by one of <see cref="Leave"/>.</summary>
    public OutcomeEntry Await(TaskId id, out Task<TaskOutcome> ended)
    {
        lock (_gate)
        {
            var entry = Await(id);
            ended = entry.Ended;
            return entry;
        }
    }

    /// <summary>Waits for a task's outcome; the observer is called once, here if the outcome is known already.</summary>
    public OutcomeEntry Await(TaskId id, Action observer)
    {
        OutcomeEntry entry;
        lock (_gate)
        {
            entry = Await(id);
            if (entry.Outcome is null)
            {
                entry.Observers += observer;
                return entry;
            }
        }

        observer();
        return entry;
    }

    /// <summary>Waits no longer, whether the outcome has come or not.</summary>
    /// <param name="entry">What the beginning of the wait has returned.</param>
    /// <param name="isConsumed">Whether the caller took the result, which is then the first to be dropped.</param>
    /// <param name="observer">Who waited, if it was by an observer.</param>
    public void Leave(OutcomeEntry entry, bool isConsumed = false, Action? observer = null)
    {
        lock (_gate)
        {
            entry.Observers -= observer;
            if (--entry.Waiters == 0 && entry.Outcome is null)
            {
                _waitedForCount--;
                Place(entry);
            }
            else if (isConsumed && entry.List == _kept)
            {
                _kept.Remove(entry);
                _kept.AddAsOldest(entry);
            }
        }
    }

    /// <summary>Takes outcomes, told or asked for, and lets those who wait for them go on.</summary>
    public void Arrived(IReadOnlyList<TaskOutcome> outcomes)
    {
        var ended = new List<Action>(outcomes.Count);
        lock (_gate)
        {
            for (var i = 0; i < outcomes.Count; i++)
            {
                if (Arrived(outcomes[i]) is { } tell)
                {
                    ended.Add(tell);
                }
            }

            Trim();
        }

        ended.ForEach(tell => tell());
    }

    /// <summary>Takes out the tasks of which it is time to ask.</summary>
    /// <param name="most">The most tasks to take.</param>
    /// <param name="jitter">By what to multiply the time between questions.</param>
    public List<OutcomeEntry> TakeDue(int most, double jitter)
    {
        lock (_gate)
        {
            return _toAsk.TakeDue(most, _clock.Now, jitter);
        }
    }

    /// <summary>Takes the answers to a question, and puts back the tasks that go on.</summary>
    public void Answered(List<OutcomeEntry> asked, IReadOnlyList<TaskOutcome> outcomes)
    {
        Arrived(outcomes);
        lock (_gate)
        {
            var leftOut = outcomes.Where(outcome => outcome.IsLeftOut).Select(outcome => outcome.Id).ToHashSet();
            foreach (var entry in asked.Where(IsOut))
            {
                _toAsk.Postpone(entry, leftOut.Contains(entry.Id), _clock.Now);
                Place(entry);
            }
        }
    }

    /// <summary>Drops from a question the tasks that nobody waits for any longer.</summary>
    public List<OutcomeEntry> StillWaitedFor(List<OutcomeEntry> asked) => Locked(() => asked.Where(IsOut).ToList());

    /// <summary>Returns when it is time to ask again; null when nobody waits.</summary>
    public TimeSpan? NextDue(double jitter)
    {
        lock (_gate)
        {
            return _toAsk.NextDue(jitter);
        }
    }

    /// <summary>Expects nothing any more: what was told meanwhile may be lost. What callers wait for is asked at once.</summary>
    public void ExpectNothing()
    {
        lock (_gate)
        {
            foreach (var entry in _entries.Values.Where(entry => entry is { Outcome: null, IsSubmitting: false }).ToList())
            {
                entry.IsExpected = false;
                if (entry.List is not null)
                {
                    AskQueue.Start(entry, atOnce: true, _clock.Now);
                    Place(entry);
                }
            }
        }
    }

    /// <summary>Lets everybody who waits fail.</summary>
    public void Fail(Exception exception)
    {
        foreach (var tell in Locked(() => _entries.Values.Select(entry => entry.Fail(exception)).ToList()))
        {
            tell?.Invoke();
        }
    }

    private Action? Arrived(TaskOutcome outcome)
    {
        var isNews = !outcome.IsLeftOut && (outcome.IsUnknown
            ? _entries.TryGetValue(outcome.Id, out var known) && !known.IsSubmitting
            : outcome.Phase.IsFinal());
        if (!isNews || Entry(outcome.Id) is not { Outcome: null } entry)
        {
            return null;
        }

        var tell = entry.End(outcome);
        _waitedForCount -= entry.Waiters > 0 ? 1 : 0;
        Place(entry);
        return tell;
    }

    private OutcomeEntry Await(TaskId id)
    {
        var entry = Entry(id);
        if (entry.Waiters++ == 0 && entry.Outcome is null)
        {
            _waitedForCount++;
            AskQueue.Start(entry, atOnce: entry is { IsExpected: false, IsSubmitting: false }, _clock.Now);
            Place(entry);
        }

        return entry;
    }

    // Where an entry stands follows from what it is; every change of it ends here.
    private void Place(OutcomeEntry entry)
    {
        entry.List?.Remove(entry);
        switch (entry)
        {
            case { Outcome.IsUnknown: true }:
                _entries.Remove(entry.Id);
                break;
            case { Outcome: not null }:
                _kept.Add(entry);
                _keptBytes += entry.Size;
                break;
            case { Waiters: > 0 }:
                _toAsk.Add(entry);
                break;
            case { IsSubmitting: true }:
                break;
            case { IsExpected: true }:
                _expected.Add(entry);
                DropOldest(_expected, _expected.Count > _options.MaxExpectedOutcomes);
                break;
            default:
                _entries.Remove(entry.Id);
                break;
        }
    }

    private void Trim()
    {
        while (_kept.Count > _options.MaxKeptOutcomes || _keptBytes > _options.MaxKeptBytes)
        {
            _keptBytes -= _kept.Oldest!.Size;
            DropOldest(_kept, true);
        }
    }

    private void DropOldest(OutcomeList list, bool isFull)
    {
        if (isFull && list.Oldest is { } oldest)
        {
            list.Remove(oldest);
            _entries.Remove(oldest.Id);
        }
    }

    private static bool IsOut(OutcomeEntry entry) => entry is { List: null, Outcome: null, Waiters: > 0 };

    private OutcomeEntry Entry(TaskId id)
    {
        if (!_entries.TryGetValue(id, out var entry))
        {
            _entries.Add(id, entry = new OutcomeEntry(id));
        }

        return entry;
    }

    private T Locked<T>(Func<T> read)
    {
        lock (_gate)
        {
            return read();
        }
    }
}
