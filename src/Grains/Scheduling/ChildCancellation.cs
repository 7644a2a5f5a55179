using FaultTolerance.Grains.Tasks;
using FaultTolerance.Storage;

namespace FaultTolerance.Grains.Scheduling;

/// <summary>Carries a cancellation on to the tasks that a task's handler submitted.</summary>
/// <remarks>What is cut off here by a death or by the time limit is found by <see cref="Recovery.UnfinishedSweeper"/>.</remarks>
internal sealed class ChildCancellation(IDurableStore store, TaskReader reader, TaskCancellation cancellation, TimeProvider timeProvider)
{
    private const int PageSize = 1_000;

    /// <summary>How long one page of children may take: a store that hangs must not be waited for without end.</summary>
    private static readonly TimeSpan PageLimit = TimeSpan.FromSeconds(10);

    /// <summary>Returns whether a task ended in a way that ends its children, too: cancelled, or past its deadline.</summary>
    public static bool EndsChildren(TaskState parent) =>
        parent.Phase == TaskPhase.Cancelled || (parent.Phase == TaskPhase.Failed && parent.Life.Failure?.Kind == FailureKind.DeadlineExceeded);

    /// <summary>Cancels the children that are not detached, a page of them in one write. Each child carries it on to its own.</summary>
    /// <param name="parent">The task that has ended.</param>
    /// <param name="post">Tells the pipeline of the children's ends.</param>
    /// <param name="cancellationToken">Gives up between two pages.</param>
    public async Task CancelAsync(TaskState parent, Action<PipelineEvent> post, CancellationToken cancellationToken)
    {
        var edges = await WithinAsync(cancel => store.ReadEdgesAsync(parent.Id, cancel), cancellationToken);
        foreach (var page in edges.Children.Chunk(PageSize))
        {
            await WithinAsync(
                async cancel =>
                {
                    var rows = await store.ReadAsync(page, cancel);
                    var children = await reader.ReadOwnedAsync([.. rows.Where(row => !row.Phase.IsFinal())], cancel);
                    await CancelAsync(children, parent, post, cancel);
                    return true;
                },
                cancellationToken);
        }
    }

    /// <summary>Cancels those of these tasks whose parent has been cancelled and who were not told: accepted after the cancellation was carried on, or missed by it.</summary>
    /// <remarks>The child's edge commits first, then the parent is read; the canceller commits the parent first, then reads the edges. One of the two sees the other.</remarks>
    public async Task CancelIfOrphanedAsync(IReadOnlyList<TaskState> tasks, Action<PipelineEvent> post, CancellationToken cancellationToken)
    {
        var attached = tasks.Where(task => task.Spec is { Parent: not null, Detached: false }).ToLookup(task => task.Spec.Parent!.Value);
        foreach (var page in attached.Select(children => children.Key).Chunk(PageSize))
        {
            var rows = await store.ReadAsync(page, cancellationToken);
            var ended = await reader.ReadOwnedAsync([.. rows.Where(row => row.Phase is TaskPhase.Cancelled or TaskPhase.Failed)], cancellationToken);
            foreach (var parent in ended.Where(EndsChildren))
            {
                // Read again: what was submitted may run by now, or have ended.
                var children = await store.ReadAsync([.. attached[parent.Id].Select(child => child.Id).Distinct()], cancellationToken);
                await CancelAsync(await reader.ReadOwnedAsync(children, cancellationToken), parent, post, cancellationToken);
            }
        }
    }

    private Task CancelAsync(IEnumerable<TaskState> children, TaskState parent, Action<PipelineEvent> post, CancellationToken cancellationToken) =>
        cancellation.CancelAsync([.. children.Where(child => IsAttached(child, parent))], $"Its parent {parent.Id} ended as {parent.Phase}.", post, cancellationToken);

    // A row may be of another task than was submitted under its id.
    private static bool IsAttached(TaskState child, TaskState parent) =>
        child is { Damage: null, Spec.Detached: false } && child.Spec.Parent == parent.Id;

    private async Task<T> WithinAsync<T>(Func<CancellationToken, Task<T>> step, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(PageLimit, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        return await step(either.Token);
    }
}
