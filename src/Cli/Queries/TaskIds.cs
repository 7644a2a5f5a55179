using System.CommandLine;
using System.CommandLine.Parsing;

namespace FaultTolerance.Cli.Queries;

/// <summary>Reads ids of tasks from the command line.</summary>
internal static class TaskIds
{
    public static Argument<TaskId> Argument() => new("id") { Description = "The id of the task.", CustomParser = Read };

    public static TaskId Read(ArgumentResult result) => Read(result, result.Tokens[0].Value);

    /// <summary>Reads ids, each once.</summary>
    public static TaskId[] ReadAll(ArgumentResult result) => [.. result.Tokens.Select(token => Read(result, token.Value)).Distinct()];

    private static TaskId Read(ArgumentResult result, string text)
    {
        if (!TaskId.TryParse(text, null, out var id))
        {
            result.AddError($"'{text}' is no task id. An id has 32 hexadecimal digits; ft tasks list shows them.");
        }

        return id;
    }
}
