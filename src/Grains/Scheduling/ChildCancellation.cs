using FaultTolerance.Grains.Tasks;
using FaultTolerance.Storage;

namespace FaultTolerance.Grains.Scheduling;

/// <summary>Carries a cancellation on to the tasks that a task's handler submitted.</summary>
internal sealed class ChildCancellation(IDurableStore store, IGrainFactory grains, TaskReader reader)
{
    private const int PageSize = 1_000;

    /// <summary>Cancels the children that are not detached. Each child carries it on to its own.</summary>
    public async Task CancelAsync(TaskState parent, CancellationToken cancellationToken)
    {
        var edges = await store.ReadEdgesAsync(parent.Id, cancellationToken);
        foreach (var page in edges.Children.Chunk(PageSize))
        {
            var rows = await store.ReadAsync(page, cancellationToken);
            var children = await reader.ReadAsync([.. rows.Where(row => !row.Phase.IsFinal())], cancellationToken);
            foreach (var child in children.Where(child => !child.Spec.Detached))
            {
                await grains.GetGrain<ITaskGrain>(child.Id.Value).CancelAsync($"Its parent {parent.Id} ended as {parent.Phase}.");
            }
        }
    }

    /// <summary>Cancels a task that was accepted after its parent's cancellation had been carried on.</summary>
    /// <remarks>The child's edge commits first, then the parent is read; the canceller commits the parent first, then reads the edges. One of the two sees the other.</remarks>
    public async Task CancelIfOrphanedAsync(IReadOnlyList<TaskState> accepted, CancellationToken cancellationToken)
    {
        var attached = accepted.Where(task => task.Spec is { Parent: not null, Detached: false }).ToList();
        foreach (var page in attached.Select(task => task.Spec.Parent!.Value).Distinct().Chunk(PageSize))
        {
            var ended = (await store.ReadAsync(page, cancellationToken)).Where(row => row.Phase == TaskPhase.Cancelled).Select(row => row.Id).ToHashSet();
            foreach (var child in attached.Where(task => ended.Contains(task.Spec.Parent!.Value)))
            {
                await grains.GetGrain<ITaskGrain>(child.Id.Value).CancelAsync($"Its parent {child.Spec.Parent} was cancelled.");
            }
        }
    }
}
