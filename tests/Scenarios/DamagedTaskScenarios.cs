using FaultTolerance.Storage.Tasks;

namespace FaultTolerance.Scenarios.Tests;

/// <summary>A task whose arguments are lost in the store.</summary>
public sealed class DamagedTaskScenarios(ClusterFixture cluster)
{
    [Fact]
    public async Task It_is_shown_with_what_can_be_read_and_can_be_cancelled()
    {
        var id = await InsertAsync();

        var snapshot = await cluster.Client.GetSnapshotAsync(id);
        var history = await cluster.Client.GetHistoryAsync(id);
        var lineage = await cluster.Client.GetLineageAsync(id);
        var cancelled = await cluster.Client.CancelAsync(id, "it is damaged");

        Assert.Equal((TaskPhase.Queued, "scenario.add", 1), (snapshot!.Phase, snapshot.Handler, snapshot.HandlerVersion));
        Assert.Contains($"{id}", snapshot.Damage, StringComparison.Ordinal);
        Assert.Equal((snapshot.Damage, snapshot.Damage), (history!.Task.Damage, lineage!.Task.Damage));
        Assert.Equal((TaskPhase.Cancelled, "it is damaged"), (cancelled!.Phase, cancelled.Failure?.Message));
        await Assert.ThrowsAsync<TaskCancelledException>(() => cluster.Client.GetAsync(new ObjectRef<int>(id)));
    }

    private async Task<TaskId> InsertAsync()
    {
        var id = TaskId.New();
        var (reference, _) = PayloadReference.Store(new byte[1_000], 1, 10);
        var row = new TaskRow { Id = id, Phase = TaskPhase.Queued, Handler = "scenario.add@1", Token = 1, Due = DateTimeOffset.MaxValue.AddDays(-1), Spec = reference };
        var written = await cluster.Cluster.Engine.CommitTasksAsync([new TaskInsert(row)], CancellationToken.None);
        Assert.True(Assert.Single(written).IsApplied);
        return id;
    }
}
