namespace FaultTolerance.Grains.Scheduling;

/// <summary>Why a running attempt is stopped from outside.</summary>
internal enum StopReason
{
    /// <summary>The task was cancelled, or is somebody else's: nothing the attempt reports counts any more.</summary>
    Voided,

    /// <summary>The node leaves in order: the attempt is handed over.</summary>
    Drained,

    /// <summary>The node has lost its lease: others may run the task already.</summary>
    LeaseLost,
}
