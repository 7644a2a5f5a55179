using FaultTolerance.Gateways;
using FaultTolerance.Grains.Scheduling;
using FaultTolerance.Grains.Tasks;
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
    OutcomePages pages,
    CallDeadline deadline) : Grain, ITaskGatewayGrain
{
    private const int MaxCalls = 500;
    private const int MaxIds = 2_000;

    public async Task<IReadOnlyList<SubmitReply>> SubmitAsync(Immutable<IReadOnlyList<TaskCall>> calls)
    {
        if (calls.Value is not { } batch)
        {
            throw new SubmitRejectedException(SubmitRejection.Malformed, "A batch has no list of calls.");
        }

        if (batch.Count > MaxCalls)
        {
            throw new SubmitRejectedException(SubmitRejection.TooLarge, $"A batch has {batch.Count} calls; at most {MaxCalls} are allowed.");
        }

        var replies = new SubmitReply[batch.Count];
        var admitted = new List<(int Index, NewTask Task)>();
        for (var i = 0; i < replies.Length; i++)
        {
            try
            {
                admitted.Add((i, await admission.AdmitAsync(batch[i])));
            }
            catch (SubmitRejectedException rejected)
            {
                replies[i] = Rejected(rejected.TaskId, rejected);
            }
        }

        if (admitted.Count > 0)
        {
            await AcceptAsync(admitted, replies);
        }

        return replies;
    }

    public Task<IReadOnlyList<TaskOutcome>> GetOutcomesAsync(IReadOnlyList<TaskId> ids)
    {
        if (ids is null || ids.Count > MaxIds)
        {
            throw new FaultToleranceException($"{ids?.Count ?? 0} outcomes were asked for; a list of at most {MaxIds} is allowed in one call.");
        }

        return deadline.RunAsync(CallDeadline.Short, cancel => pages.ReadAsync(ids, cancel));
    }

    public Task<TaskOutcome?> GetResultAsync(TaskId id) => deadline.RunAsync(CallDeadline.Long, cancel => pages.ReadAsync(id, cancel));

    // What the store was asked and did not answer may have been done. Only a refusal of the gateway's own is certain.
    private static SubmitReply Rejected(TaskId id, SubmitRejectedException rejected) => new()
    {
        Id = id,
        Rejection = rejected.Reason,
        Message = rejected.Message,
        MayBeAccepted = rejected is { Reason: SubmitRejection.Busy, InnerException: not null },
    };

    private async Task AcceptAsync(List<(int Index, NewTask Task)> admitted, SubmitReply[] replies)
    {
        IReadOnlyList<CallAnswer> answers;
        try
        {
            answers = await pipeline.SubmitAsync([.. admitted.Select(one => one.Task)]);
        }
        catch (SubmitRejectedException rejected)
        {
            foreach (var (index, task) in admitted)
            {
                replies[index] = Rejected(task.State.Id, rejected);
            }

            return;
        }

        await ReplyAsync(admitted, answers, replies);
        await deadline.RunAsync(CallDeadline.Short, async cancel =>
        {
            await children.CancelIfOrphanedAsync([.. admitted.Select(one => one.Task.State)], pipeline.Post, cancel);
            return true;
        });
    }

    private async Task ReplyAsync(List<(int Index, NewTask Task)> admitted, IReadOnlyList<CallAnswer> answers, SubmitReply[] replies)
    {
        var repeated = new List<(int Index, TaskState Task, TaskId Existing)>();
        for (var i = 0; i < admitted.Count; i++)
        {
            var (index, task) = admitted[i];
            switch (answers[i])
            {
                case { Refusal: { } refusal }:
                    replies[index] = Rejected(task.State.Id, CallAnswer.RejectionOf(refusal));
                    break;
                case { IsAccepted: true }:
                    replies[index] = new SubmitReply { Id = task.State.Id };
                    break;
                case { Written: { Status: TaskWriteStatus.KeyTaken } taken }:
                    repeated.Add((index, task.State, taken.KeyHolder));
                    break;
                default:
                    repeated.Add((index, task.State, task.State.Id));
                    break;
            }
        }

        var compared = await sameCall.CompareAsync([.. repeated.Select(one => (one.Task, one.Existing))]);
        for (var i = 0; i < repeated.Count; i++)
        {
            replies[repeated[i].Index] = compared[i];
        }
    }
}
