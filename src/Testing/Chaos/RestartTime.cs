namespace FaultTolerance.Testing.Chaos;

/// <summary>How soon the attempts that a fault took with it had successors.</summary>
/// <param name="First">From the fault to the start of the first of them.</param>
/// <param name="All">From the fault to the start of the last of them.</param>
/// <param name="Attempts">How many there were.</param>
internal readonly record struct RestartTime(TimeSpan First, TimeSpan All, int Attempts);
