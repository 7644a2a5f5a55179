namespace FaultTolerance.Testing.Chaos;

/// <summary>How a fault ended.</summary>
/// <param name="HasFollowed">Whether what was to follow has done so in time.</param>
/// <param name="Lasted">How long something lasted that was to be survived; zero for all else.</param>
/// <param name="WasEnded">Whether a process that stood still was ended by others, because it did so with a lock of the store.</param>
internal readonly record struct ChaosEnd(bool HasFollowed, TimeSpan Lasted = default, bool WasEnded = false);
