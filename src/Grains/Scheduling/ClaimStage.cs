namespace FaultTolerance.Grains.Scheduling;

/// <summary>Decides when to look for work in the queue, and for how much. An idle node asks once in a long while.</summary>
internal sealed class ClaimStage(PipelineContext context, RunStage run, Func<int> committing)
{
    /// <summary>How far behind the oldest row seen the mark stays: a row may become visible as late as a write may take.</summary>
    private static readonly TimeSpan MarkMargin = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan MarkLifetime = TimeSpan.FromSeconds(15);

    private readonly PriorityQueue<DateTimeOffset, DateTimeOffset> _alarms = new();
    private long? _claiming;
    private int _limit;
    private long? _listing;
    private bool _mustList;
    private bool _isHinted = true;
    private bool _holdsLease;
    private bool _isDraining;
    private DateTimeOffset _nextPoll;
    private DateTimeOffset _nextList;
    private DateTimeOffset? _mark;
    private DateTimeOffset _markEnds;

    /// <summary>Whether the node may own new attempts now.</summary>
    public bool MayOwn => _holdsLease && !_isDraining && !_mustList && _listing is null && committing() < context.Options.MaxCommitting;

    /// <summary>When the stage next wants to be called even if nothing happens.</summary>
    public DateTimeOffset NextWake
    {
        get
        {
            if (_claiming is not null || _listing is not null || !_holdsLease)
            {
                return DateTimeOffset.MaxValue;
            }

            if (_mustList)
            {
                return _nextList;
            }

            var next = _alarms.TryPeek(out _, out var alarm) && alarm < _nextPoll ? alarm : _nextPoll;
            return MayOwn && run.Free > 0 ? next : DateTimeOffset.MaxValue;
        }
    }

    public void Hint() => _isHinted = true;

    /// <summary>Says that a row becomes due at a time; the stage looks for it then.</summary>
    public void Expect(DateTimeOffset due)
    {
        if (due <= context.Now)
        {
            _isHinted = true;
        }
        else if (_alarms.Count < context.Options.MaxAccepting)
        {
            _alarms.Enqueue(due, due);
        }
    }

    /// <summary>Says that rows were queued; where this node cannot take them all, others are told.</summary>
    public void OfferToPeers(int queued)
    {
        if (queued > run.Free || (queued > 0 && !MayOwn))
        {
            context.Add(new HintPeers());
        }
    }

    /// <summary>Says that an answer was lost which may have made this node the owner of rows it does not know.</summary>
    public void Reconcile() => _mustList = true;

    public void SetLease(bool isHeld) => _holdsLease = isHeld;

    public void Drain() => _isDraining = true;

    /// <summary>Asks for rows if it is time to.</summary>
    /// <param name="isInserting">Whether an insert is under way that may make this node an owner.</param>
    public void Pump(bool isInserting)
    {
        RingAlarms();
        if (_mustList && !isInserting && _claiming is null && _listing is null && _holdsLease && context.Now >= _nextList)
        {
            _mustList = false;
            _listing = context.NextOperation();
            run.BeginListing();
            context.Add(new ListOwned(_listing.Value));
        }

        if (!MayOwn || _claiming is not null || run.Free == 0 || !(_isHinted || context.Now >= _nextPoll))
        {
            return;
        }

        _isHinted = false;
        _claiming = context.NextOperation();
        _limit = run.Free;
        if (context.Now >= _markEnds)
        {
            (_mark, _markEnds) = (null, context.Now + MarkLifetime);
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
        _nextPoll = context.Now + context.Options.IdlePoll;
        if (claimed.Tasks.Count == _limit)
        {
            _isHinted = true;
            _mark = claimed.Tasks.Min(task => task.Due) - MarkMargin;
        }

        foreach (var task in claimed.Tasks)
        {
            run.Take(task);
        }

        return true;
    }

    public bool TryFail(OperationFailed failed)
    {
        if (failed.Operation != _claiming && failed.Operation != _listing)
        {
            return false;
        }

        (_claiming, _listing) = (null, null);
        _mustList = true;
        _nextPoll = _nextList = context.Now + context.Options.RepeatDelay;
        return true;
    }

    private void RingAlarms()
    {
        while (_alarms.TryPeek(out _, out var alarm) && alarm <= context.Now)
        {
            _alarms.Dequeue();
            _isHinted = true;
        }
    }
}
