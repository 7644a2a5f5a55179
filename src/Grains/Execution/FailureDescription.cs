using System.Reflection;

namespace FaultTolerance.Grains.Execution;

/// <summary>Turns exceptions into failures that can be stored, and says which of them may be retried.</summary>
internal static class FailureDescription
{
    /// <summary>The most characters of a message or a stack trace that are kept.</summary>
    public const int MaxText = 16_000;

    /// <summary>How many inner exceptions are kept.</summary>
    public const int MaxDepth = 10;

    /// <summary>Describes an exception. What cannot be read of it, for its members are user code too, is told as that.</summary>
    public static TaskFailure Of(Exception exception, FailureKind kind, string node, int depth = 0) => new()
    {
        Kind = kind,
        Message = Shorten(Read(exception, "message", e => e.Message)) ?? "",
        Node = node,
        ExceptionType = exception.GetType().FullName,
        ExceptionBaseTypes = [.. BaseTypes(exception.GetType())],
        StackTrace = Shorten(Read(exception, "stack trace", e => e.StackTrace)),
        Cause = exception.InnerException is { } inner && depth < MaxDepth ? Of(inner, kind, node, depth + 1) : null,
    };

    /// <summary>Returns the message of an exception, or that and why it cannot be read.</summary>
    public static string MessageOf(Exception exception) => Read(exception, "message", e => e.Message) ?? "";

    /// <summary>Returns whether an exception is one that the call or the handler wants retried.</summary>
    /// <param name="exception">What the handler threw.</param>
    /// <param name="attempt">The number of the attempt.</param>
    /// <param name="retryOn">The exception types that call and handler list.</param>
    /// <param name="handler">The handler's instance, which may have a filter; null when there is none.</param>
    /// <param name="filterError">What the filter itself threw: it has said nothing then.</param>
    public static bool MayRetry(Exception exception, int attempt, IEnumerable<string> retryOn, object? handler, out Exception? filterError)
    {
        filterError = null;
        try
        {
            if (exception is not (DoNotRetryException or RetryAfterException) && handler is IRetryFilter filter && filter.ShouldRetry(exception, attempt))
            {
                return true;
            }
        }
        catch (Exception thrown)
        {
            filterError = thrown;
        }

        return IsListed(exception, retryOn);
    }

    /// <summary>Returns the exception that user code threw, without the wrapping that reflection and tasks put around it.</summary>
    public static Exception Unwrap(Exception exception) => exception switch
    {
        TargetInvocationException { InnerException: { } inner } => Unwrap(inner),
        AggregateException { InnerExceptions: [var only] } => Unwrap(only),
        _ => exception,
    };

    private static bool IsListed(Exception exception, IEnumerable<string> retryOn) => exception switch
    {
        DoNotRetryException => false,
        RetryAfterException => true,
        _ => BaseTypes(exception.GetType()).Prepend(exception.GetType().FullName!).Intersect(retryOn, StringComparer.Ordinal).Any(),
    };

    private static IEnumerable<string> BaseTypes(Type type)
    {
        for (var up = type.BaseType; up is not null && up != typeof(object); up = up.BaseType)
        {
            yield return up.FullName!;
        }
    }

    private static string? Read(Exception exception, string what, Func<Exception, string?> read, bool isNested = false)
    {
        try
        {
            return read(exception);
        }
        catch (Exception thrown)
        {
            var why = isNested ? "" : $": {Read(thrown, "message", e => e.Message, isNested: true)}";
            return $"The {what} of the {exception.GetType()} cannot be read: reading it threw {thrown.GetType()}{why}";
        }
    }

    private static string? Shorten(string? text) => text is { Length: > MaxText } ? text[..MaxText] + " …" : text;
}
