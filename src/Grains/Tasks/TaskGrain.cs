using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Scheduling;
using FaultTolerance.Storage;

namespace FaultTolerance.Grains.Tasks;

/// <inheritdoc cref="ITaskGrain"/>
[GrainType("task")]
internal sealed class TaskGrain(
    IDurableStore store, TaskReader reader, TaskCancellation cancellation, NodeDirectory nodes, TaskPipelineDriver pipeline, CallDeadline deadline) : Grain, ITaskGrain
{
    private TaskId Id => new(this.GetPrimaryKey());

    public async Task<TaskSnapshot?> GetSnapshotAsync() =>
        await ReadAsync() is { } task ? TaskSnapshots.Of(task, nodes) : null;

    public async Task<TaskHistory?> GetHistoryAsync() =>
        await ReadAsync() is { } task ? new TaskHistory(TaskSnapshots.Of(task, nodes), TaskSnapshots.Attempts(task, nodes)) : null;

    public async Task<TaskLineage?> GetLineageAsync()
    {
        if (await ReadAsync() is not { } task)
        {
            return null;
        }

        var edges = await deadline.RunAsync(CallDeadline.Medium, cancel => store.ReadEdgesAsync(Id, cancel));
        return new TaskLineage(
            TaskSnapshots.Of(task, nodes), TaskSnapshots.Attempts(task, nodes), edges.Upstream, edges.Downstream, edges.Children);
    }

    public async Task<TaskSnapshot?> CancelAsync(string? reason) =>
        await deadline.RunAsync(CallDeadline.Medium, cancel => cancellation.CancelAsync(Id, reason, pipeline.Post, cancel)) is { } task ? TaskSnapshots.Of(task, nodes) : null;

    private Task<TaskState?> ReadAsync() => deadline.RunAsync(CallDeadline.Medium, cancel => reader.ReadAsync(Id, cancel));
}
