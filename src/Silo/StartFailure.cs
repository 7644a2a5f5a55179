using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace FaultTolerance.Silo;

/// <summary>Says in words why a silo could not start, where it is something that a person can mend.</summary>
internal static class StartFailure
{
    /// <summary>The exit code of a silo that was asked for something impossible.</summary>
    public const int ExitCode = 2;

    /// <summary>Returns what to print; null for a defect, whose stack trace is wanted.</summary>
    public static string? Describe(Exception exception) => exception switch
    {
        OptionsValidationException invalid => $"The settings are not valid:{string.Concat(invalid.Failures.Select(failure => $"\n  - {failure}"))}",
        FaultToleranceException known => known.Message,
        AggregateException { InnerExceptions: [var only] } => Describe(only),
        IOException bind when Causes(bind).Any(cause => cause is SocketException) =>
            $"{bind.Message} Stop what listens there, or choose another port with FaultTolerance:HttpPort.",
        UnauthorizedAccessException denied => $"{denied.Message} Give the user that runs the silo the right to it.",
        { InnerException: { } inner } => Describe(inner),
        _ => null,
    };

    private static IEnumerable<Exception> Causes(Exception exception)
    {
        for (var cause = exception.InnerException; cause is not null; cause = cause.InnerException)
        {
            yield return cause;
        }
    }
}
