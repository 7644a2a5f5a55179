using FaultTolerance.Gateways;

namespace FaultTolerance.Submits;

/// <summary>One call on its way to the cluster.</summary>
internal class Submit(TaskCall call, int size, TimeSpan deadline, bool hasChosenId)
{
    public TaskCall Call { get; } = call;

    /// <summary>Gets the size of the arguments, in bytes.</summary>
    public int Size { get; } = size;

    /// <summary>Gets when to give up on an answer.</summary>
    public TimeSpan Deadline { get; set; } = deadline;

    /// <summary>Gets a value indicating whether the caller chose the id, under which the call may have been submitted before.</summary>
    public bool HasChosenId { get; } = hasChosenId;

    /// <summary>Gets or sets a value indicating whether it was sent once without an answer, or with one that did not know.</summary>
    public bool MayBeAccepted { get; set; }

    /// <summary>Gets or sets a value indicating whether nobody waits any longer; it is then not repeated.</summary>
    public bool IsAbandoned { get; set; }

    /// <summary>Gets a value indicating whether it is known how it ended.</summary>
    public bool IsSettled { get; private set; }

    /// <summary>Gets the id under which it was accepted.</summary>
    public TaskId AcceptedAs { get; private set; }

    /// <summary>Gets why it was not accepted, or is not known to be.</summary>
    public Exception? Failure { get; private set; }

    public virtual void Accept(TaskId id) => (IsSettled, AcceptedAs) = (true, id);

    public virtual void Fail(Exception failure) => (IsSettled, Failure) = (true, failure);
}
