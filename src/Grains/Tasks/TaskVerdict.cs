namespace FaultTolerance.Grains.Tasks;

/// <summary>What an event meant to a task.</summary>
internal enum TaskVerdict
{
    /// <summary>The task changes.</summary>
    Changed,

    /// <summary>The event speaks of an attempt or an owner that is not the present one any more: a late report changes nothing.</summary>
    Stale,

    /// <summary>The task is final already.</summary>
    AlreadyFinal,
}
