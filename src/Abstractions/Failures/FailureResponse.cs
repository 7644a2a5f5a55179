namespace FaultTolerance;

/// <summary>What the system did about a failure.</summary>
public enum FailureResponse
{
    /// <summary>Nothing more: the failure is final.</summary>
    Failed = 0,

    /// <summary>The task is tried again after a delay, at the cost of one from the budget of its cause.</summary>
    Retried = 1,

    /// <summary>The task is tried again at no cost to any budget.</summary>
    Requeued = 2,

    /// <summary>The task is tried again, alone on its node, because it was on two nodes that died.</summary>
    Isolated = 3,
}
