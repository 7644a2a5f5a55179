namespace FaultTolerance;

/// <summary>The base of every exception that this library throws on purpose.</summary>
[GenerateSerializer, Alias("ft.FaultToleranceException")]
public class FaultToleranceException : Exception
{
    /// <summary>Creates the exception with a message that says what happened, to which, and what to do.</summary>
    public FaultToleranceException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }

    /// <summary>Gets a value indicating whether the same call may succeed later, unchanged.</summary>
    [Id(0)] public bool IsRetryable { get; init; }
}
