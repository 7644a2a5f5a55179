using FaultTolerance.Grains.Tasks;
using FaultTolerance.Storage;

namespace FaultTolerance.Grains.Scheduling;

/// <summary>Carries a cancellation on to the tasks that a task's handler submitted.</summary>
/// <remarks>What is cut off here by a death is found by <see cref="Recovery.UnfinishedSweeper"/>.</remarks>
internal sealed class ChildCancellation(IDurableStore store, TaskReader reader, TaskCancellation cancellation)
{
    private const int PageSize = 1_000;

    /// <summary>Returns whether a task ended in a way that ends its children, too: cancelled, or past its deadline.</summary>
    public static bool EndsChildren(TaskState parent) =>
        parent.Phase == TaskPhase.Cancelled || (parent.Phase == TaskPhase.Failed && parent.Life.Failure?.Kind == FailureKind.DeadlineExceeded);

    /// <summary>Cancels the children that are not detached. Each child carries it on to its own.</summary>
    /// <param name="parent">The task that has ended.</param>
    /// <param name="post">Tells the pipeline of each child's end.</param>
    /// <param name="cancellationToken">Gives up between two children.</param>
    public async Task CancelAsync(TaskState parent, Action<PipelineEvent> post, CancellationToken cancellationToken)
    {
        var edges = await store.ReadEdgesAsync(parent.Id, cancellationToken);
        foreach (var page in edges.Children.Chunk(PageSize))
        {
            var rows = await store.ReadAsync(page, cancellationToken);
            var children = await reader.ReadOwnedAsync([.. rows.Where(row => !row.Phase.IsFinal())], cancellationToken);
            foreach (var child in children.Where(child => child is { Damage: null, Spec.Detached: false }))
            {
                await CancelAsync(child, parent, post, cancellationToken);
            }
        }
    }

    /// <summary>Cancels those of these tasks whose parent has been cancelled and who were not told: accepted after the cancellation was carried on, or missed by it.</summary>
    /// <remarks>The child's edge commits first, then the parent is read; the canceller commits the parent first, then reads the edges. One of the two sees the other.</remarks>
    public async Task CancelIfOrphanedAsync(IReadOnlyList<TaskState> tasks, Action<PipelineEvent> post, CancellationToken cancellationToken)
    {
        var attached = tasks.Where(task => task.Spec is { Parent: not null, Detached: false }).ToList();
        foreach (var page in attached.Select(task => task.Spec.Parent!.Value).Distinct().Chunk(PageSize))
        {
            var rows = await store.ReadAsync(page, cancellationToken);
            var ended = await reader.ReadOwnedAsync([.. rows.Where(row => row.Phase is TaskPhase.Cancelled or TaskPhase.Failed)], cancellationToken);
            var parents = ended.Where(EndsChildren).ToDictionary(parent => parent.Id);
            foreach (var child in attached.Where(task => parents.ContainsKey(task.Spec.Parent!.Value)))
            {
                await CancelAsync(child, parents[child.Spec.Parent!.Value], post, cancellationToken);
            }
        }
    }

    private Task<TaskState?> CancelAsync(TaskState child, TaskState parent, Action<PipelineEvent> post, CancellationToken cancellationToken) =>
        cancellation.CancelAsync(child.Id, $"Its parent {parent.Id} ended as {parent.Phase}.", post, cancellationToken);
}
