namespace FaultTolerance.Testing.Chaos;

/// <summary>What a plan is made for.</summary>
internal sealed record ChaosPlanOptions
{
    /// <summary>Gets the number that decides everything that is left to chance: the same one makes the same plan.</summary>
    public required int Seed { get; init; }

    public required int Faults { get; init; }

    public required int Silos { get; init; }

    /// <summary>Gets the kinds to choose from.</summary>
    public required IReadOnlyCollection<ChaosKind> Kinds { get; init; }

    /// <summary>Gets the longest pause that the cluster's profile survives.</summary>
    public required TimeSpan Tolerance { get; init; }

    /// <summary>Gets how long a lease is.</summary>
    public required TimeSpan Lease { get; init; }
}
