using FaultTolerance.Gateways;
using FaultTolerance.Grains.Gateways;
using FaultTolerance.Grains.Tasks;
using FaultTolerance.Payloads;
using FaultTolerance.Storage;
using FaultTolerance.Storage.Tasks;
using Microsoft.Extensions.Options;

namespace FaultTolerance.Grains.Execution;

/// <summary>Reads the results that a task takes as arguments.</summary>
internal sealed class DependencyResults(IDurableStore store, TaskReader reader, IOptions<TaskLimits> limits)
{
    private const int PageSize = 2_000;

    /// <summary>Returns the frame of each task's result.</summary>
    /// <exception cref="DependencyFailedException">One of them has no result and will never have one, or all together are too large to be held at once.</exception>
    public async ValueTask<IReadOnlyDictionary<TaskId, ReadOnlyMemory<byte>>> ReadAsync(
        IEnumerable<ResultSource> sources, CancellationToken cancellationToken)
    {
        var frames = new Dictionary<TaskId, ReadOnlyMemory<byte>>();
        var size = 0L;
        foreach (var page in sources.Select(source => source.TaskId).Distinct().Chunk(PageSize))
        {
            var rows = await store.ReadAsync(page, cancellationToken);
            size += rows.Sum(row => (long)SizeOf(row));
            RequireRoom(size);
            foreach (var row in rows)
            {
                frames[row.Id] = await ReadAsync(row, cancellationToken);
            }

            foreach (var id in page.Where(id => !frames.ContainsKey(id)))
            {
                throw new DependencyFailedException(new TaskFailure
                {
                    Kind = FailureKind.DependencyFailed,
                    TaskId = id,
                    Message = $"Task {id}, whose result is an argument, is not known: it was never accepted, or its retention is over.",
                });
            }
        }

        return frames;
    }

    /// <summary>Takes the value that a source names out of its task's frame.</summary>
    /// <exception cref="InvalidDataException">The result has no such element.</exception>
    public static ReadOnlyMemory<byte> Pick(ResultSource source, ReadOnlyMemory<byte> frame)
    {
        if (source.Index != ObjectRef.Whole)
        {
            return PayloadFrame.Element(frame, source.Index);
        }

        var count = PayloadFrame.Count(frame);
        return count == 1
            ? PayloadFrame.Element(frame, 0)
            : throw new InvalidDataException($"The result of task {source.TaskId} has {count} elements; take one of them instead of the whole.");
    }

    private static int SizeOf(TaskRow row) =>
        row.Result is not { } stored ? 0 : PayloadReference.TryReadInline(stored, out var payload, out var reference) ? payload.Length : reference.Length;

    private void RequireRoom(long size)
    {
        if (size > limits.Value.MaxResults)
        {
            throw new DependencyFailedException(new TaskFailure
            {
                Kind = FailureKind.InvalidCall,
                Message = $"The results that it takes as arguments have more than {limits.Value.MaxResults:N0} bytes together, which is the most that one call may take (TaskLimits.MaxResults). " +
                    "Combine them step by step: let tasks take some of them each, and one task take what those return.",
            });
        }
    }

    private async ValueTask<ReadOnlyMemory<byte>> ReadAsync(TaskRow row, CancellationToken cancellationToken)
    {
        if (row is { Phase: TaskPhase.Succeeded, Result: { } stored })
        {
            return await reader.LoadAsync(row.Id, stored, cancellationToken);
        }

        var task = await reader.ReadAsync(row, cancellationToken);
        throw new DependencyFailedException(new TaskFailure
        {
            Kind = FailureKind.DependencyFailed,
            Message = $"Task {row.Id} ({task.Spec.Handler}), whose result is an argument, is {row.Phase}.",
            Cause = task.Life.Failure is { } cause ? FailureBounds.Bound(cause, FailureBounds.MaxTextOfCause) : null,
        });
    }
}
