using FaultTolerance.Storage.Tasks;

namespace FaultTolerance.Storage.Conformance;

/// <summary>Purging final rows.</summary>
public abstract class TaskRetentionConformance : EngineConformance
{
    [Fact]
    public async Task A_purged_row_is_gone_with_its_edges_its_key_and_its_parts()
    {
        var needed = NewTask(TaskPhase.Succeeded) with { IdempotencyKey = "of the purged", Parts = [[1, 2]] };
        var dependent = NewTask(TaskPhase.Failed) with { DependsOn = [needed.Id], Parent = needed.Id };
        await StoreAsync(needed, dependent);

        Assert.Equal(1, await PurgeAsync());

        Assert.False(await ExistsAsync(needed.Id));
        Assert.Null(await Engine.ReadPartsAsync(needed.Id, needed.Token, CancellationToken.None));
        await AssertNoEdgesAsync(needed.Id);
        await AssertNoEdgesAsync(dependent.Id);
        await StoreAsync(NewTask() with { IdempotencyKey = "of the purged" });
    }

    [Fact]
    public async Task A_purged_id_may_be_used_again()
    {
        var insert = NewTask(TaskPhase.Succeeded) with { IdempotencyKey = "again", Parts = [[1]] };
        await StoreAsync(insert);
        await PurgeAsync();

        await StoreAsync(insert);

        AssertSame(insert.Row, await ReadAsync(insert.Id));
    }

    [Fact]
    public async Task Only_rows_of_the_phase_that_finished_before_the_time_are_purged()
    {
        var rows = await StoreAsync(
            Finished(TaskPhase.Succeeded, Past),
            Finished(TaskPhase.Succeeded, Past.AddTicks(10)),
            Finished(TaskPhase.Failed, Past),
            Finished(TaskPhase.Cancelled, Past),
            NewTask(), NewTask(TaskPhase.Waiting), NewTask(TaskPhase.Running, owner: Node1));

        Assert.Equal(1, await Engine.PurgeAsync(TaskPhase.Succeeded, Past.AddTicks(10), 100, CancellationToken.None));

        var left = await Engine.ListAsync(new TaskQuery { Limit = 100 }, CancellationToken.None);
        Assert.Equal(rows.Skip(1).Select(row => row.Id).Order(), left.Select(row => row.Id));
    }

    [Theory]
    [InlineData(TaskPhase.Waiting)]
    [InlineData(TaskPhase.Queued)]
    [InlineData(TaskPhase.Running)]
    public async Task A_row_whose_result_an_open_task_needs_is_kept_until_that_task_is_final(TaskPhase phase)
    {
        var needed = NewTask(TaskPhase.Succeeded);
        var dependent = NewTask(phase, owner: phase == TaskPhase.Running ? Node1 : default) with { DependsOn = [needed.Id] };
        await StoreAsync(needed, dependent);
        await Engine.ResolveEdgesAsync([needed.Id], CancellationToken.None);

        Assert.Equal(0, await PurgeAsync());
        Assert.True(await ExistsAsync(needed.Id));

        await WriteAsync(Finish(dependent.Row, TaskPhase.Failed));
        Assert.Equal(1, await PurgeAsync());
        Assert.False(await ExistsAsync(needed.Id));
    }

    [Fact]
    public async Task A_row_is_not_kept_for_an_open_child()
    {
        var parent = NewTask(TaskPhase.Succeeded);
        var child = NewTask() with { Parent = parent.Id };
        await StoreAsync(parent, child);

        Assert.Equal(1, await PurgeAsync());

        AssertSame(child.Row, await ReadAsync(child.Id));
    }

    [Fact]
    public async Task A_step_deletes_no_more_than_its_limit()
    {
        await StoreAsync([.. Enumerable.Range(0, 25).Select(i => Finished(TaskPhase.Succeeded, Past.AddSeconds(i)))]);

        Assert.Equal(10, await PurgeAsync(limit: 10));
        Assert.Equal(10, await PurgeAsync(limit: 10));
        Assert.Equal(5, await PurgeAsync(limit: 10));
        Assert.Equal(0, await PurgeAsync(limit: 10));
    }

    [Fact]
    public async Task Rows_that_must_stay_do_not_keep_others_from_being_purged()
    {
        TaskInsert[] needed = [.. Enumerable.Range(0, 20).Select(i => Finished(TaskPhase.Succeeded, Past.AddSeconds(i)))];
        TaskInsert[] free = [.. Enumerable.Range(0, 5).Select(i => Finished(TaskPhase.Succeeded, Past.AddHours(1 + i)))];
        await StoreAsync([.. needed, .. free]);
        await StoreAsync(NewTask(TaskPhase.Waiting) with { DependsOn = [.. needed.Select(insert => insert.Id)] });

        Assert.Equal(5, await PurgeAsync(limit: 5));

        Assert.Empty(await Engine.ReadAsync([.. free.Select(insert => insert.Id)], CancellationToken.None));
    }

    [Fact]
    public async Task Purging_an_empty_store_deletes_nothing() => Assert.Equal(0, await PurgeAsync());

    private static TaskInsert FinishedAt(TaskInsert insert, DateTimeOffset finished) =>
        insert with { Row = insert.Row with { Finished = finished } };

    private TaskInsert Finished(TaskPhase phase, DateTimeOffset finished) => FinishedAt(NewTask(phase), finished);

    private Task<int> PurgeAsync(int limit = 100) => Engine.PurgeAsync(TaskPhase.Succeeded, Future, limit, CancellationToken.None);

    private async Task AssertNoEdgesAsync(TaskId id)
    {
        var edges = await Engine.ReadEdgesAsync(id, CancellationToken.None);
        Assert.Empty(edges.Upstream);
        Assert.Empty(edges.Downstream);
        Assert.Empty(edges.Children);
    }
}
