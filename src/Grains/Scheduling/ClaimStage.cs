namespace FaultTolerance.Grains.Scheduling;

/// <summary>Decides when to look for work in the queue, and for how much. An idle node asks once in a long while.</summary>
internal sealed class ClaimStage(PipelineContext context, RunStage run)
{
    /// <summary>The longest that a write may take to land after its answer was lost, or a row to become visible after its due time.</summary>
    public static readonly TimeSpan LongestWrite = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan MarkLifetime = TimeSpan.FromSeconds(15);

    private readonly PriorityQueue<DateTimeOffset, DateTimeOffset> _alarms = new();
    private long? _claiming;
    private int _limit;
    private long? _listing;
    private bool _mustList;
    private bool _isHinted = true;
    private TimeSpan _nextPoll;
    private TimeSpan _nextList;
    private TimeSpan? _listAgain;
    private TimeSpan? _nextReview;
    private DateTimeOffset? _mark;
    private TimeSpan _markEnds;

    /// <summary>Whether the node may own new attempts now.</summary>
    public bool MayOwn =>
        context.HoldsLease && !context.IsDraining && !_mustList && _listing is null && run.LeavingCount < context.Options.MaxCommitting;

    /// <summary>Whether no answer is on its way, and none was lost, that may make this node an owner.</summary>
    public bool IsQuiet => _claiming is null && _listing is null && !_mustList;

    /// <summary>When, in the store's time, a row that the stage waits for becomes due; null while it would not look for one.</summary>
    public DateTimeOffset? NextDue => CanClaim && _alarms.TryPeek(out _, out var alarm) ? alarm : null;

    /// <summary>When, on the monotonic clock, the stage next wants to be called even if nothing happens; null for never.</summary>
    public TimeSpan? NextWake
    {
        get
        {
            if (_claiming is not null || _listing is not null || !context.HoldsLease)
            {
                return null;
            }

            if (_mustList)
            {
                return run.HasReserved ? null : _nextList;
            }

            var again = PipelineContext.Earlier(_listAgain, _nextReview);
            return CanClaim ? PipelineContext.Earlier(again, _nextPoll) : again;
        }
    }

    private bool CanClaim => MayOwn && _claiming is null && run.WantsMore;

    public void Hint() => _isHinted = true;

    /// <summary>Says that a row becomes due at a time; the stage looks for it then.</summary>
    /// <returns>Whether the row is due already.</returns>
    public bool Expect(DateTimeOffset due)
    {
        if (due <= context.Now)
        {
            _isHinted = true;
            return true;
        }

        if (_alarms.Count < context.Options.MaxAccepting)
        {
            _alarms.Enqueue(due, due);
        }

        return false;
    }

    /// <summary>Says that rows that are due were queued; where this node cannot take them all, others are told.</summary>
    public void OfferToPeers(int queued)
    {
        if (queued > run.FreeSoon || (queued > 0 && !MayOwn))
        {
            context.Add(new HintPeers());
        }
    }

    /// <summary>Says that an answer was lost which may have made this node the owner of rows it does not know.</summary>
    /// <remarks>The write may land even later than its answer was lost, so the rows are listed at once, and again when it can no more.</remarks>
    public void Reconcile()
    {
        _mustList = true;
        _listAgain = context.Monotonic + LongestWrite;
    }

    /// <summary>Asks for rows if it is time to.</summary>
    public void Pump()
    {
        RingAlarms();
        Review();
        if (_mustList && _claiming is null && _listing is null && !run.HasReserved && context.HoldsLease && context.Monotonic >= _nextList)
        {
            _mustList = false;
            _listing = context.NextOperation();
            run.BeginListing();
            context.Add(new ListOwned(_listing.Value));
        }

        if (!CanClaim || !(_isHinted || context.Monotonic >= _nextPoll))
        {
            return;
        }

        _isHinted = false;
        _claiming = context.NextOperation();
        _limit = run.Free;
        if (context.Monotonic >= _markEnds)
        {
            (_mark, _markEnds) = (null, context.Monotonic + MarkLifetime);
        }

        context.Add(new ClaimTasks(_claiming.Value, _limit, context.NewToken(), _mark));
    }

    public bool TryTake(TasksClaimed claimed)
    {
        if (claimed.Operation == _listing)
        {
            _listing = null;
            _isHinted = true;
            run.EndListing(claimed.Tasks);
            return true;
        }

        if (claimed.Operation != _claiming)
        {
            return false;
        }

        _claiming = null;
        _nextPoll = context.Monotonic + context.Options.IdlePoll;
        if (claimed.Tasks.Count == _limit)
        {
            _isHinted = true;
            _mark = claimed.Tasks.Min(task => task.Due) - LongestWrite;
        }

        foreach (var task in claimed.Tasks)
        {
            run.Take(task);
        }

        return true;
    }

    public bool TryFail(OperationFailed failed)
    {
        if (failed.Operation == _claiming)
        {
            _claiming = null;
            _nextPoll = context.Monotonic + context.Options.RepeatDelay;
            Reconcile();
        }
        else if (failed.Operation == _listing)
        {
            _listing = null;
            _mustList = true;
        }
        else
        {
            return false;
        }

        _nextList = context.Monotonic + context.Options.RepeatDelay;
        return true;
    }

    /// <summary>Lists what the node owns if it has run something for long: the word that an attempt is void may have been lost.</summary>
    private void Review()
    {
        var interval = context.Options.ReviewInterval;
        if (run.RunningCount == 0)
        {
            _nextReview = null;
        }
        else if (_nextReview is null)
        {
            _nextReview = context.Monotonic + interval;
        }
        else if (context.Monotonic >= _nextReview)
        {
            _nextReview = context.Monotonic + interval;
            _mustList |= run.HasRunSince(context.Monotonic - interval);
        }
    }

    private void RingAlarms()
    {
        while (_alarms.TryPeek(out _, out var alarm) && alarm <= context.Now)
        {
            _alarms.Dequeue();
            _isHinted = true;
        }

        if (_listAgain <= context.Monotonic)
        {
            (_mustList, _listAgain) = (true, null);
        }
    }
}
