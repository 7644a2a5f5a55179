using System.Diagnostics.CodeAnalysis;

namespace FaultTolerance.Architecture.Tests.Contracts;

/// <summary>A record as it must not be.</summary>
[GenerateSerializer]
[SuppressMessage("Usage", "ORLEANS0004", Justification = "What the analyzer finds here, the test must find too: an analyzer can be switched off.")]
public sealed record Unnamed
{
    [Id(0)]
    public int Number { get; init; }

    public int Forgotten { get; init; }
}
