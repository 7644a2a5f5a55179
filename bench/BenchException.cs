namespace FaultTolerance.Bench;

/// <summary>The bench cannot run, or what it measured went wrong: a figure would mean nothing.</summary>
internal sealed class BenchException(string message, Exception? inner = null) : Exception(message, inner);
