using FaultTolerance.Gateways;
using FaultTolerance.Grains.Tasks;
using FaultTolerance.Storage;
using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.Tasks;
using Orleans.Serialization;

namespace FaultTolerance.Grains.Gateways;

/// <summary>Tells repeated calls from other calls under the same ids or idempotency keys.</summary>
internal sealed class SameCallCheck(IDurableStore store, TaskReader reader, Serializer<TaskSpec> specs, CallDeadline deadline)
{
    /// <summary>Compares calls with the tasks that have their ids or keys already, all in one question to the store.</summary>
    /// <param name="submitted">The calls, each with the task that is there: under its own id, or the holder of its key.</param>
    /// <returns>One reply for each call, in order.</returns>
    public async Task<IReadOnlyList<SubmitReply>> CompareAsync(IReadOnlyList<(TaskState Task, TaskId Existing)> submitted)
    {
        if (submitted.Count == 0)
        {
            return [];
        }

        try
        {
            return await deadline.RunAsync(CallDeadline.Short, cancel => CompareAsync(submitted, cancel));
        }
        catch (Exception exception) when (exception is StoreException or TimeoutException)
        {
            return [.. submitted.Select(one => Unanswered(one.Task, one.Existing, exception))];
        }
    }

    private async Task<IReadOnlyList<SubmitReply>> CompareAsync(IReadOnlyList<(TaskState Task, TaskId Existing)> submitted, CancellationToken cancellationToken)
    {
        var rows = (await store.ReadAsync([.. submitted.Select(one => one.Existing).Distinct()], cancellationToken)).ToDictionary(row => row.Id);
        var replies = new SubmitReply[submitted.Count];
        for (var i = 0; i < replies.Length; i++)
        {
            var (task, existing) = submitted[i];
            replies[i] = rows.TryGetValue(existing, out var row) ? await CompareAsync(task, row, cancellationToken) : Removed(task, existing);
        }

        return replies;
    }

    private async ValueTask<SubmitReply> CompareAsync(TaskState submitted, TaskRow row, CancellationToken cancellationToken)
    {
        var existing = (await reader.ReadOwnedAsync([row], cancellationToken))[0];
        if (existing.Damage is null && Essence(existing.Spec).AsSpan().SequenceEqual(Essence(submitted.Spec)))
        {
            return new SubmitReply { Id = row.Id };
        }

        var (reason, message) = row.Id == submitted.Id
            ? (SubmitRejection.IdTaken,
                $"Task {row.Id} exists already with another call ({row.Handler}): {Difference(existing, submitted)}. Submit this one under an id of its own.")
            : (SubmitRejection.KeyTaken,
                $"The idempotency key '{submitted.Spec.IdempotencyKey}' is held by task {row.Id} of {row.Handler}, another call than this one of {submitted.Spec.HandlerKey}: " +
                $"{Difference(existing, submitted)}. Submit this one under a key of its own.");
        return new SubmitReply { Id = submitted.Id, Rejection = reason, Message = message };
    }

    private static string Difference(TaskState existing, TaskState submitted) => (existing, submitted) switch
    {
        _ when existing.Damage is { } damage => damage,
        _ when existing.Spec.HandlerKey != submitted.Spec.HandlerKey => "it is of another handler",
        _ when existing.Spec.Parent != submitted.Spec.Parent => "it has another parent",
        _ when existing.Spec.StartAfter != submitted.Spec.StartAfter => "its StartAfter differs",
        _ when existing.Spec.Deadline != submitted.Spec.Deadline => "its Deadline differs",
        _ when existing.Spec.IdempotencyKey != submitted.Spec.IdempotencyKey => "its IdempotencyKey differs",
        _ => "its arguments or options differ",
    };

    private static SubmitReply Removed(TaskState submitted, TaskId existing) => new()
    {
        Id = submitted.Id,
        Rejection = SubmitRejection.Busy,
        Message = $"Task {existing} was just removed because its retention is over. Submit the call again.",
    };

    private static SubmitReply Unanswered(TaskState submitted, TaskId existing, Exception exception) => new()
    {
        Id = submitted.Id,
        Rejection = SubmitRejection.Busy,
        Message = $"There is a task {existing} already, and the store did not say whether it is of the same call: {exception.Message}",
        MayBeAccepted = true,
    };

    // Who asks, and under which trace, is not part of what is asked.
    private byte[] Essence(TaskSpec spec) => specs.SerializeToArray(spec with { Session = null, TraceParent = null });
}
