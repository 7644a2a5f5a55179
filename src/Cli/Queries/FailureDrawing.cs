using Spectre.Console;

namespace FaultTolerance.Cli.Queries;

/// <summary>Draws a failure: what happened, what caused it, and what the system did next.</summary>
internal static class FailureDrawing
{
    /// <summary>Returns the lines, as markup.</summary>
    public static IEnumerable<string> Lines(FailureView failure)
    {
        var indent = "  ";
        for (var cause = failure; cause is not null; cause = cause.Cause)
        {
            var type = cause.ExceptionType is { } name ? $" [grey]({name.EscapeMarkup()})[/]" : "";
            var where = cause.Task != failure.Task ? $" [grey]in task {cause.Task}[/]" : "";
            yield return $"{indent}{(cause == failure ? "" : "because of ")}[red]{Tables.Words(cause.Kind)}[/]: {cause.Message.EscapeMarkup()}{type}{where}";
            indent += "  ";
        }

        yield return $"  then: {Response(failure)}";
    }

    private static string Response(FailureView failure)
    {
        var when = failure.RetryAt is { } retry ? $", from {Tables.Time(retry)} on" : "";
        return failure.Response switch
        {
            FailureResponse.Retried => $"tried again at the cost of a retry{when}",
            FailureResponse.Requeued => $"tried again at no cost{when}",
            FailureResponse.Isolated => $"tried again, alone on its node{when}",
            _ => "nothing more, the failure is final",
        };
    }
}
