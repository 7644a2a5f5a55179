namespace FaultTolerance;

/// <summary>A handler throws it to be tried again after a delay of its own choice, as far as the budget for exceptions reaches.</summary>
public sealed class RetryAfterException(TimeSpan delay, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Gets how long to wait before the next attempt.</summary>
    public TimeSpan Delay { get; } = delay;
}
