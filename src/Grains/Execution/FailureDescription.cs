using System.Reflection;

namespace FaultTolerance.Grains.Execution;

/// <summary>Turns exceptions into failures that can be stored, and says which of them may be retried.</summary>
internal static class FailureDescription
{
    /// <summary>The most characters of a message or a stack trace that are kept.</summary>
    public const int MaxText = 16_000;

    /// <summary>How many inner exceptions are kept.</summary>
    public const int MaxDepth = 10;

    public static TaskFailure Of(Exception exception, FailureKind kind, string node, int depth = 0) => new()
    {
        Kind = kind,
        Message = Shorten(exception.Message)!,
        Node = node,
        ExceptionType = exception.GetType().FullName,
        ExceptionBaseTypes = [.. BaseTypes(exception.GetType())],
        StackTrace = Shorten(exception.StackTrace),
        Cause = exception.InnerException is { } inner && depth < MaxDepth ? Of(inner, kind, node, depth + 1) : null,
    };

    /// <summary>Returns whether an exception is one that the call or the handler wants retried.</summary>
    public static bool MayRetry(Exception exception, int attempt, IEnumerable<string> retryOn, object? handler) => exception switch
    {
        DoNotRetryException => false,
        RetryAfterException => true,
        _ when handler is IRetryFilter filter && filter.ShouldRetry(exception, attempt) => true,
        _ => BaseTypes(exception.GetType()).Prepend(exception.GetType().FullName!).Intersect(retryOn, StringComparer.Ordinal).Any(),
    };

    /// <summary>Returns the exception that user code threw, without the wrapping that reflection and tasks put around it.</summary>
    public static Exception Unwrap(Exception exception) => exception switch
    {
        TargetInvocationException { InnerException: { } inner } => Unwrap(inner),
        AggregateException { InnerExceptions: [var only] } => Unwrap(only),
        _ => exception,
    };

    private static IEnumerable<string> BaseTypes(Type type)
    {
        for (var up = type.BaseType; up is not null && up != typeof(object); up = up.BaseType)
        {
            yield return up.FullName!;
        }
    }

    private static string? Shorten(string? text) => text is { Length: > MaxText } ? text[..MaxText] + " …" : text;
}
