namespace FaultTolerance;

/// <summary>Which of the tasks waited for have ended, and which have not.</summary>
/// <param name="Ended">Those that have succeeded, failed or were cancelled, in the order asked for.</param>
/// <param name="Pending">Those that go on, in the order asked for.</param>
public sealed record WaitResult(IReadOnlyList<IObjectRef> Ended, IReadOnlyList<IObjectRef> Pending);
