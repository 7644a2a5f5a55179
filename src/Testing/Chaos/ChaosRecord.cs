namespace FaultTolerance.Testing.Chaos;

/// <summary>What a fault led to.</summary>
internal sealed record ChaosRecord
{
    public required ChaosFault Fault { get; init; }

    public IReadOnlyList<ChaosStrike> Struck { get; init; } = [];

    /// <summary>Gets the nodes that were declared dead, since the fault before this one was judged, although nothing that was done to them explains it.</summary>
    public IReadOnlyList<string> FalseDeaths { get; init; } = [];

    /// <summary>Gets a value indicating whether others ended a process that stood still, because it did so with a lock of the store.</summary>
    public bool WasEnded { get; init; }

    /// <summary>Gets what should have followed and did not, in a sentence; null where all did.</summary>
    public string? Problem { get; init; }

    /// <summary>Gets a value indicating whether the cluster did not become whole again, so that no further fault could be judged.</summary>
    public bool IsBroken { get; init; }
}
