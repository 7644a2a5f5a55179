namespace FaultTolerance.Grains.Recovery;

/// <summary>Does one kind of sweep, in small steps. What it remembers between steps may be lost: then it begins again.</summary>
internal interface IRecoverySweeper
{
    RecoverySweep Sweep { get; }

    /// <summary>Does one step, if it is time for it.</summary>
    /// <param name="lastLoss">When a node was last lost or recovered, by the store's clock; null when none was.</param>
    /// <param name="cancellationToken">Gives up the step; it is done again.</param>
    Task StepAsync(DateTimeOffset? lastLoss, CancellationToken cancellationToken);
}
