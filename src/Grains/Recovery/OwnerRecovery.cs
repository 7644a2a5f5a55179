using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Scheduling;
using FaultTolerance.Grains.Tasks;
using FaultTolerance.Grains.Telemetry;
using FaultTolerance.Storage;
using FaultTolerance.Storage.Tasks;
using Microsoft.Extensions.Options;

namespace FaultTolerance.Grains.Recovery;

/// <summary>Carries out a <see cref="RecoveryPlan"/>: page by page, at a bounded rate, until a whole pass finds nothing left. One at a time: each shard has its own.</summary>
/// <remarks>It does not wait. What the rate does not grant yet is left for later.</remarks>
internal sealed class OwnerRecovery(
    IDurableStore store,
    TaskReader reader,
    TaskRowCodec codec,
    INodePipeline pipeline,
    TaskInstruments instruments,
    RecoveryPace pace,
    IOptions<RecoveryOptions> options,
    IOptions<TaskPipelineOptions> pipelineOptions)
{
    /// <summary>How often rows that changed between the read and the write are decided about anew. A dead node has a last save of each attempt on its way at most.</summary>
    private const int MaxRaces = 20;

    private readonly Random _random = new((int)store.NewToken());

    /// <summary>Gets whether the rate grants another page now. Ask only with work in hand: who asks is taken for held up.</summary>
    public bool MayGoOn => pace.Page > 0;

    /// <summary>Gets whether the rate grants a dead node's recovery another page now: not while orphans wait for one.</summary>
    public bool MayTakeTurn => !pace.IsOwed && MayGoOn;

    /// <summary>Asks for a page for orphans. Where there is none now they have the next one: dead nodes would take all that there are.</summary>
    /// <returns>Whether there is one now.</returns>
    public bool TryReserve()
    {
        pace.IsOwed = !MayGoOn;
        return !pace.IsOwed;
    }

    /// <summary>Says that no orphans wait for a page.</summary>
    public void CancelReserved() => pace.IsOwed = false;

    /// <summary>Brings the attempts of an owner on their way, as many as the rate grants now.</summary>
    /// <param name="owner">The owner.</param>
    /// <param name="cancellationToken">Stops between two batches; what is left is found again.</param>
    /// <returns>How far it has come.</returns>
    public async Task<OwnerWalk> RecoverAsync(LostOwner owner, CancellationToken cancellationToken)
    {
        var walk = OwnerWalk.Start;
        while (!walk.IsOver && MayGoOn)
        {
            walk = await TakePageAsync(owner, walk, cancellationToken);
        }

        return walk;
    }

    /// <summary>Brings the next page of an owner's attempts on its way; nothing, where the rate grants none.</summary>
    public async Task<OwnerWalk> TakePageAsync(LostOwner owner, OwnerWalk walk, CancellationToken cancellationToken)
    {
        var limit = pace.Page;
        if (limit == 0)
        {
            return walk;
        }

        var page = await ListAsync(owner.Incarnation, walk.After, limit, cancellationToken);
        var taken = LargeRows.Bound(page);
        var recovered = await RecoverAsync(owner, taken, cancellationToken);
        pace.Take(recovered);
        return walk.Next(taken.Count == 0 ? null : taken[^1].Id, page.Count == limit || taken.Count < page.Count, recovered);
    }

    /// <summary>Returns how many attempts an owner has.</summary>
    public async Task<int> CountAsync(NodeIncarnation owner, CancellationToken cancellationToken)
    {
        var count = 0;
        TaskId? after = null;
        IReadOnlyList<TaskRow> page;
        do
        {
            page = await ListAsync(owner, after, options.Value.BatchSize, cancellationToken);
            (count, after) = (count + page.Count, page.Count == 0 ? null : page[^1].Id);
        }
        while (page.Count == options.Value.BatchSize);
        return count;
    }

    private Task<IReadOnlyList<TaskRow>> ListAsync(NodeIncarnation owner, TaskId? after, int limit, CancellationToken cancellationToken)
    {
        var query = new TaskQuery { Phase = TaskPhase.Running, Owner = owner, After = after, Limit = limit };
        return store.ListAsync(query, cancellationToken);
    }

    private async Task<int> RecoverAsync(LostOwner owner, IReadOnlyList<TaskRow> rows, CancellationToken cancellationToken)
    {
        var recovered = 0;
        for (var race = 0; rows.Count > 0; race++)
        {
            if (race == MaxRaces)
            {
                throw new FaultToleranceException(
                    $"The rows of {rows.Count} attempts of node {owner.Node}, life {owner.Incarnation}, changed {MaxRaces} times while they were being recovered. They are found again.")
                { IsRetryable = true };
            }

            var tasks = await reader.ReadOwnedAsync(rows, cancellationToken);
            var commits = RecoveryPlan.Decide(owner, tasks, pipelineOptions.Value.Retry, store.Now, _random.NextDouble, store.NewToken);
            var lost = await CommitAsync(commits, cancellationToken);
            recovered += commits.Count - lost.Count;
            rows = lost.Count > 0 ? await store.ReadAsync(lost, cancellationToken) : [];
        }

        return recovered;
    }

    /// <summary>Writes decisions, and tells of those that were written.</summary>
    /// <returns>The tasks whose rows have changed since they were read.</returns>
    private async Task<IReadOnlyList<TaskId>> CommitAsync(IReadOnlyList<TaskCommit> commits, CancellationToken cancellationToken)
    {
        if (commits.Count == 0)
        {
            return [];
        }

        var results = await store.WriteTasksAsync([.. commits.Select(codec.Update)], cancellationToken);
        var applied = commits.Where((_, i) => results[i].IsApplied).Select(commit => commit.After).ToList();
        var ended = applied.Where(task => task.Phase.IsFinal()).ToList();
        applied.Where(task => !task.Phase.IsFinal()).ToList().ForEach(instruments.OnTaskRequeued);
        if (ended.Count > 0)
        {
            pipeline.Post(new TasksEnded(ended));
        }

        if (ended.Count < applied.Count)
        {
            pipeline.OfferWork();
        }

        return [.. commits.Where((_, i) => !results[i].IsApplied).Select(commit => commit.Before.Id)];
    }
}
