namespace FaultTolerance.Cli.Live;

/// <summary>The newest process of a silo, as it is seen from outside.</summary>
/// <param name="Node">The silo's name.</param>
/// <param name="ProcessId">The process's id.</param>
/// <param name="IsPaused">Whether it was made to stand still.</param>
/// <param name="HasEnded">Whether it has ended.</param>
internal readonly record struct SeenProcess(string Node, int ProcessId, bool IsPaused, bool HasEnded);
