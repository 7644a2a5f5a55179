using FaultTolerance.Gateways;
using FaultTolerance.Grains.Scheduling;
using FaultTolerance.Grains.Tasks;
using FaultTolerance.Storage;
using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.Tasks;
using Orleans.Concurrency;

namespace FaultTolerance.Grains.Gateways;

/// <inheritdoc cref="ITaskGatewayGrain"/>
[StatelessWorker, Reentrant]
[GrainType("taskgateway")]
internal sealed class TaskGatewayGrain(
    CallAdmission admission,
    TaskPipelineDriver pipeline,
    ChildCancellation children,
    SameCallCheck sameCall,
    IDurableStore store,
    TaskReader reader) : Grain, ITaskGatewayGrain
{
    private const int MaxCalls = 500;
    private const int MaxIds = 2_000;

    public async Task<IReadOnlyList<SubmitReply>> SubmitAsync(Immutable<IReadOnlyList<TaskCall>> calls)
    {
        if (calls.Value.Count > MaxCalls)
        {
            throw new SubmitRejectedException(SubmitRejection.TooLarge, $"A batch has {calls.Value.Count} calls; at most {MaxCalls} are allowed.");
        }

        var replies = new SubmitReply[calls.Value.Count];
        var admitted = new List<(int Index, NewTask Task)>();
        for (var i = 0; i < replies.Length; i++)
        {
            try
            {
                admitted.Add((i, admission.Admit(calls.Value[i])));
            }
            catch (SubmitRejectedException rejected)
            {
                replies[i] = Rejected(calls.Value[i].Id, rejected);
            }
        }

        if (admitted.Count > 0)
        {
            await AcceptAsync(admitted, replies);
        }

        return replies;
    }

    public async Task<IReadOnlyList<TaskOutcome>> GetOutcomesAsync(IReadOnlyList<TaskId> ids)
    {
        if (ids.Count > MaxIds)
        {
            throw new FaultToleranceException($"{ids.Count} outcomes were asked for; at most {MaxIds} are allowed in one call.");
        }

        var rows = await store.ReadAsync([.. ids.Distinct()], CancellationToken.None);
        var outcomes = new List<TaskOutcome>();
        foreach (var row in rows.Where(row => row.Phase.IsFinal()))
        {
            outcomes.Add(await OutcomeOfAsync(row, withLargeResult: false));
        }

        var known = rows.Select(row => row.Id).ToHashSet();
        outcomes.AddRange(ids.Where(id => !known.Contains(id)).Distinct().Select(id => new TaskOutcome { Id = id, IsUnknown = true }));
        return outcomes;
    }

    public async Task<TaskOutcome?> GetResultAsync(TaskId id)
    {
        var rows = await store.ReadAsync([id], CancellationToken.None);
        return rows switch
        {
            [] => new TaskOutcome { Id = id, IsUnknown = true },
            [var row] when row.Phase.IsFinal() => await OutcomeOfAsync(row, withLargeResult: true),
            _ => null,
        };
    }

    private static SubmitReply Rejected(TaskId id, SubmitRejectedException rejected) =>
        new() { Id = id, Rejection = rejected.Reason, Message = rejected.Message };

    private async Task AcceptAsync(List<(int Index, NewTask Task)> admitted, SubmitReply[] replies)
    {
        IReadOnlyList<TaskWriteResult> results;
        try
        {
            results = await pipeline.SubmitAsync([.. admitted.Select(one => one.Task)]);
        }
        catch (SubmitRejectedException rejected) when (!rejected.IsRetryable && admitted.Count > 1)
        {
            // One of them cannot be stored: the others must not pay for it. What is stored already is found by its id.
            foreach (var one in admitted)
            {
                await AcceptAsync([one], replies);
            }

            return;
        }
        catch (SubmitRejectedException rejected)
        {
            foreach (var (index, task) in admitted)
            {
                replies[index] = Rejected(task.State.Id, rejected);
            }

            return;
        }

        for (var i = 0; i < admitted.Count; i++)
        {
            var (index, task) = admitted[i];
            replies[index] = results[i].Status switch
            {
                TaskWriteStatus.Applied => new SubmitReply { Id = task.State.Id },
                TaskWriteStatus.KeyTaken => new SubmitReply { Id = results[i].KeyHolder },
                _ => await sameCall.CompareAsync(task.State),
            };
        }

        await children.CancelIfOrphanedAsync([.. admitted.Select(one => one.Task.State)], pipeline.Post, CancellationToken.None);
    }

    /// <summary>Returns how a row's task ended. One that cannot be read is told as such: thrown, it would hide the others.</summary>
    private async ValueTask<TaskOutcome> OutcomeOfAsync(TaskRow row, bool withLargeResult)
    {
        try
        {
            return await ReadOutcomeAsync(row, withLargeResult);
        }
        catch (Exception exception) when (exception is not StoreException and not OperationCanceledException)
        {
            var damage = TaskRowCodec.Unreadable(row, exception).Damage!;
            return new TaskOutcome
            {
                Id = row.Id,
                Phase = TaskPhase.Failed,
                Failure = new TaskFailure { Kind = FailureKind.InvalidResult, TaskId = row.Id, Message = damage },
            };
        }
    }

    private async ValueTask<TaskOutcome> ReadOutcomeAsync(TaskRow row, bool withLargeResult)
    {
        if (row is not { Phase: TaskPhase.Succeeded, Result: { } stored })
        {
            var task = await reader.ReadAsync(row, CancellationToken.None);
            return new TaskOutcome { Id = row.Id, Phase = row.Phase, Failure = task.Life.Failure };
        }

        var isInline = PayloadReference.TryReadInline(stored, out var payload, out _);
        if (!isInline && withLargeResult)
        {
            payload = await reader.LoadAsync(row.Id, stored, CancellationToken.None);
        }

        return new TaskOutcome { Id = row.Id, Phase = row.Phase, Result = isInline || withLargeResult ? payload.ToArray() : null };
    }
}
