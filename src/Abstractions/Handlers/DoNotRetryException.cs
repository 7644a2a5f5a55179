namespace FaultTolerance;

/// <summary>A handler throws it to end its task at once, whatever the retry policy says.</summary>
public sealed class DoNotRetryException(string message, Exception? inner = null) : Exception(message, inner);
