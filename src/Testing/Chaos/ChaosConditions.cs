namespace FaultTolerance.Testing.Chaos;

/// <summary>What a cluster offers to faults. Each text says why something is not there; null where it is.</summary>
internal sealed record ChaosConditions
{
    public required int Silos { get; init; }

    /// <summary>Gets why the silos have no networks of their own.</summary>
    public string? NoNetwork { get; init; }

    /// <summary>Gets why the database server cannot be stopped.</summary>
    public string? NoServer { get; init; }

    /// <summary>Gets why the store is not reached over the silos' networks.</summary>
    public string? NoStoreNetwork { get; init; }

    /// <summary>Gets why a silo that has left in order cannot be started again.</summary>
    public string? NoReturn { get; init; }

    private string? NoSecond => Silos < 2 ? "It takes a second silo, which finds out." : null;

    private string? NoThird => Silos < 3 ? "It takes three silos: of two that do not hear each other, either may be the one that goes." : null;

    /// <summary>Returns why a kind of fault is not possible; null where it is.</summary>
    public string? WhyNot(ChaosKind kind) => kind switch
    {
        ChaosKind.KillMost when Silos < 3 => "It takes three silos.",
        ChaosKind.PauseLong => NoSecond,
        ChaosKind.Terminate or ChaosKind.Drain => NoReturn,
        ChaosKind.StoreStop or ChaosKind.StoreFreeze or ChaosKind.StoreRestart => NoServer,
        ChaosKind.NetworkStore => NoNetwork ?? NoStoreNetwork ?? NoSecond,
        ChaosKind.NetworkPeers or ChaosKind.NetworkOneWay => NoNetwork ?? NoThird,
        ChaosKind.NetworkCut when NoStoreNetwork is not null => NoNetwork ?? NoThird, // all keep the store
        >= ChaosKind.NetworkCut => NoNetwork ?? NoSecond,
        _ => null,
    };
}
