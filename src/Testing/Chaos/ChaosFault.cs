using FaultTolerance.Testing.Networks;

namespace FaultTolerance.Testing.Chaos;

/// <summary>One fault of a plan.</summary>
/// <param name="Number">Its place in the plan, counted from 1.</param>
/// <param name="Kind">What is done.</param>
/// <param name="Victims">To which silos, by their places counted from 0; empty where it is seen only then (the detector's), or where it is not done to silos (the store).</param>
/// <param name="Length">For how long; zero where it lasts until its consequences are there.</param>
/// <param name="Network">What the network does; null where it does nothing.</param>
internal sealed record ChaosFault(int Number, ChaosKind Kind, IReadOnlyList<int> Victims, TimeSpan Length, NetworkFault? Network)
{
    /// <summary>Gets what is allowed to follow.</summary>
    public ChaosFate Fate => FateOf(Kind);

    /// <summary>Returns what is allowed to follow a fault of this kind.</summary>
    public static ChaosFate FateOf(ChaosKind kind) => kind switch
    {
        ChaosKind.PauseShort or ChaosKind.NetworkBlackout => ChaosFate.MustLive,
        ChaosKind.StoreStop or ChaosKind.StoreFreeze or ChaosKind.StoreRestart => ChaosFate.MustLive,
        ChaosKind.Terminate or ChaosKind.Drain => ChaosFate.MustLeave,
        ChaosKind.PauseAround or ChaosKind.NetworkLoss => ChaosFate.MayDie,
        _ => ChaosFate.MustDie,
    };
}
