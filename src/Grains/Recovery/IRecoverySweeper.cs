namespace FaultTolerance.Grains.Recovery;

/// <summary>Does one kind of sweep, in small steps. What it remembers between steps may be lost: then it begins again.</summary>
internal interface IRecoverySweeper
{
    RecoverySweep Sweep { get; }

    /// <summary>Does one step, if it is time for it.</summary>
    Task StepAsync(CancellationToken cancellationToken);
}
