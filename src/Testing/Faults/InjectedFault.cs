namespace FaultTolerance.Testing;

/// <summary>A way in which a call to a store goes wrong.</summary>
public enum InjectedFault
{
    /// <summary>Nothing goes wrong.</summary>
    None = 0,

    /// <summary>The store cannot be reached. Nothing is done, and the caller knows it.</summary>
    Unreachable,

    /// <summary>The request is lost. Nothing is done, and the caller does not know it.</summary>
    RequestLost,

    /// <summary>The call is done and its answer is lost: the caller does not know it.</summary>
    ReplyLost,

    /// <summary>The answer is lost, and the call is done only later: right before the engine's next write, as a lock would order the two.</summary>
    LandsLate,

    /// <summary>The call loses against another transaction. Nothing is done, and the caller knows it.</summary>
    Contention,

    /// <summary>The store cannot be used any more. Nothing is done.</summary>
    Unusable,
}
