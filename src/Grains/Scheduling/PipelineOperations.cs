using System.Diagnostics;
using FaultTolerance.Grains.Execution;
using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Tasks;
using FaultTolerance.Grains.Telemetry;
using FaultTolerance.Storage;
using FaultTolerance.Storage.Tasks;
using Microsoft.Extensions.Logging;

namespace FaultTolerance.Grains.Scheduling;

/// <summary>Carries out those effects of a pipeline that the store answers.</summary>
internal sealed partial class PipelineOperations(
    IDurableStore store, TaskRowCodec codec, TaskReader reader, HandlerRegistry handlers, LocalNode node, ILogger<PipelineOperations> logger)
{
    private const int PageSize = 1_000;

    /// <summary>Carries out one effect and posts its answer, or that it failed.</summary>
    public async Task PerformAsync(PipelineEffect effect, Action<PipelineEvent> post, CancellationToken cancellationToken)
    {
        var operation = OperationOf(effect);
        try
        {
            post(await AnswerAsync(effect, cancellationToken));
        }
        catch (Exception exception)
        {
            if (exception is not SubmitRejectedException)
            {
                LogOperationFailed(exception, effect.GetType().Name, exception.Message);
            }

            post(new OperationFailed(operation, exception));
        }
    }

    private static long OperationOf(PipelineEffect effect) => effect switch
    {
        InsertTasks e => e.Operation,
        ClaimTasks e => e.Operation,
        ListOwned e => e.Operation,
        CommitTasks e => e.Operation,
        LookAtDependencies e => e.Operation,
        ResolveEdges e => e.Operation,
        WakeTasks e => e.Operation,
        _ => throw new UnreachableException($"{effect.GetType().Name} is not answered by the store."),
    };

    private async Task<PipelineEvent> AnswerAsync(PipelineEffect effect, CancellationToken cancellationToken)
    {
        switch (effect)
        {
            case InsertTasks e:
                var inserts = e.Tasks.Select(task => codec.Insert(task.State, task.DependsOn, task.IdempotencyKey)).ToList();
                return new TasksInserted(e.Operation, await store.WriteTasksAsync(inserts, cancellationToken));
            case ClaimTasks e:
                return new TasksClaimed(e.Operation, await ClaimAsync(e, cancellationToken));
            case ListOwned e:
                return new TasksClaimed(e.Operation, await ListOwnedAsync(cancellationToken));
            case CommitTasks e:
                var results = await store.WriteTasksAsync([.. e.Commits.Select(codec.Update)], cancellationToken);
                return new TasksCommitted(e.Operation, [.. results.Select(result => result.IsApplied)]);
            case LookAtDependencies e:
                await store.LookAtDependenciesAsync(e.Dependents, cancellationToken);
                return new DependentsFound(e.Operation, e.Dependents);
            case ResolveEdges e:
                return new DependentsFound(e.Operation, await store.ResolveEdgesAsync(e.Ended, cancellationToken));
            case WakeTasks e:
                return new TasksWoken(e.Operation, await store.WakeAsync(e.Dependents, e.Token, cancellationToken));
            default:
                throw new UnreachableException();
        }
    }

    private async Task<IReadOnlyList<TaskState>> ClaimAsync(ClaimTasks claim, CancellationToken cancellationToken)
    {
        var rows = await store.ClaimAsync(
            new TaskClaim { Owner = node.Incarnation, Token = claim.Token, Limit = claim.Limit, Handlers = handlers.Keys, DueFrom = claim.DueFrom },
            cancellationToken);
        return await reader.ReadOwnedAsync(rows, cancellationToken);
    }

    private async Task<IReadOnlyList<TaskState>> ListOwnedAsync(CancellationToken cancellationToken)
    {
        var owned = new List<TaskState>();
        IReadOnlyList<TaskRow> page;
        do
        {
            var query = new TaskQuery
            {
                Phase = TaskPhase.Running,
                Owner = node.Incarnation,
                After = owned.Count == 0 ? null : owned[^1].Id,
                Limit = PageSize,
            };
            page = await store.ListAsync(query, cancellationToken);
            owned.AddRange(await reader.ReadOwnedAsync(page, cancellationToken));
        }
        while (page.Count == PageSize);
        return owned;
    }

    [LoggerMessage(EventIds.OperationRepeated, LogLevel.Warning, "The store failed {Operation}; it is tried again: {Reason}")]
    private partial void LogOperationFailed(Exception exception, string operation, string reason);
}
