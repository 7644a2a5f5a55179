using FaultTolerance.Grains.Tasks;

namespace FaultTolerance.Grains.Scheduling;

/// <summary>The saves of one attempt.</summary>
internal sealed class AttemptSaves((TaskId Task, int Attempt) key)
{
    public (TaskId Task, int Attempt) Key => key;

    /// <summary>The write that the store has been asked for, or is asked for next.</summary>
    public TaskCommit? UnderWay { get; set; }

    /// <summary>Who waits for it.</summary>
    public List<long> Tickets { get; private set; } = [];

    /// <summary>The newest that was reported since.</summary>
    public ProgressReported? Next { get; set; }

    /// <summary>Who waits for that one.</summary>
    public List<long> NextTickets { get; private set; } = [];

    public HeldEnd? Held { get; set; }

    /// <summary>Whether it stands in the queue of what is to be written.</summary>
    public bool IsReady { get; set; }

    public void TakeNext() => (Next, Tickets, NextTickets) = (null, NextTickets, []);

    public void EndWrite() => (UnderWay, Tickets) = (null, []);

    public void DropWaits() => (Next, Tickets, NextTickets) = (null, [], []);
}
