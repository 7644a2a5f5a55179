namespace FaultTolerance.Grains.Execution;

/// <summary>A stored argument does not fit the handler's parameter.</summary>
internal sealed class InvalidArgumentException(string message, Exception? inner = null) : Exception(message, inner);
