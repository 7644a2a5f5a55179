namespace FaultTolerance.Testing.Simulation;

/// <summary>What happens at one exact point of a run: at the n-th call to the store.</summary>
/// <param name="Call">The number of the call, counted from 1 over all nodes.</param>
internal sealed record ScriptedFault(int Call)
{
    /// <summary>Whether the calls of pipelines are counted, or those of leases and recovery.</summary>
    public bool IsOutsidePipelines { get; init; }

    /// <summary>When around the call its process dies; null for not at all.</summary>
    public CrashMoment? Crash { get; init; }

    /// <summary>How the call goes wrong.</summary>
    public InjectedFault Fault { get; init; }
}
