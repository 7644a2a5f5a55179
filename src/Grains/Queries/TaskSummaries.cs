using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Tasks;
using FaultTolerance.Storage.Tasks;

namespace FaultTolerance.Grains.Queries;

/// <summary>Shows rows in lists.</summary>
internal static class TaskSummaries
{
    /// <summary>Returns whether a row belongs into a list.</summary>
    public static bool Matches(TaskRow row, TaskFilter filter) =>
        (filter.Phase is null || row.Phase == filter.Phase)
        && (filter.Handler is null || row.Handler == filter.Handler || Split(row.Handler).Name == filter.Handler);

    /// <summary>Shows a row. Its arguments are not read: they may be large, and lie elsewhere.</summary>
    public static TaskSummary Of(TaskRow row, TaskRowCodec codec, NodeDirectory nodes)
    {
        var (name, version) = Split(row.Handler);
        var (kind, message) = FailureOf(row, codec);
        return new TaskSummary
        {
            Id = row.Id,
            Handler = name,
            HandlerVersion = version,
            Phase = row.Phase,
            Attempt = row.Attempt,
            Node = row.Owner.IsNone ? null : nodes.NameOf(row.Owner),
            SubmittedAt = row.Created,
            DueAt = row.Due,
            FinishedAt = row.Finished,
            FailureKind = kind,
            FailureMessage = message,
        };
    }

    /// <summary>Takes <c>name@version</c> apart.</summary>
    public static (string Name, int Version) Split(string handler)
    {
        var at = handler.LastIndexOf('@');
        return at >= 0 && int.TryParse(handler.AsSpan(at + 1), out var version) ? (handler[..at], version) : (handler, 0);
    }

    private static (FailureKind? Kind, string? Message) FailureOf(TaskRow row, TaskRowCodec codec)
    {
        try
        {
            var failure = codec.ReadLife(row).Failure;
            return (failure?.Kind, failure?.Message);
        }
        catch (Exception exception)
        {
            // One damaged row must not hide all the others of its page.
            return (null, $"The row cannot be read: {exception.Message}");
        }
    }
}
