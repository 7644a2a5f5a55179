using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.Tasks;

namespace FaultTolerance.Storage.Tests;

public sealed class GroupCommitTests
{
    [Fact]
    public async Task Alone_a_write_is_committed_at_once()
    {
        await using var test = await StoreUnderTest.OpenAsync();
        var insert = test.NewTask();

        Assert.Equal(TaskWriteResult.Applied, await test.Store.WriteTaskAsync(insert));

        Assert.Equal([1], test.Commits);
        Assert.Equal(insert.Token, (await test.ReadAsync(insert.Id)).Token);
    }

    [Fact]
    public async Task Writes_that_come_while_the_lane_is_busy_go_together_next()
    {
        await using var test = await StoreUnderTest.OpenAsync();
        using var gate = test.Engine.Hold();
        var first = test.Store.WriteTaskAsync(test.NewTask());
        await gate.ArrivedAsync();
        var others = test.NewTasks(10).Select(insert => test.Store.WriteTaskAsync(insert)).ToList();

        gate.Open();

        Assert.All(await Task.WhenAll([first, .. others]), result => Assert.True(result.IsApplied));
        Assert.Equal([1, 10], test.Commits);
    }

    [Fact]
    public async Task As_many_batches_are_under_way_as_the_engine_has_lanes()
    {
        await using var test = await StoreUnderTest.OpenAsync(lanes: 3);
        using var gate = test.Engine.Hold();
        var writes = new List<Task<TaskWriteResult>>();
        for (var lane = 1; lane <= 3; lane++)
        {
            writes.Add(test.Store.WriteTaskAsync(test.NewTask()));
            await gate.ArrivedAsync();
        }

        writes.AddRange(test.NewTasks(5).Select(insert => test.Store.WriteTaskAsync(insert)));
        Assert.Equal([1, 1, 1], test.Commits);
        gate.Open();

        await Task.WhenAll(writes);
        Assert.Equal([1, 1, 1, 5], test.Commits);
    }

    [Fact]
    public async Task A_batch_holds_no_more_writes_than_it_may()
    {
        await using var test = await StoreUnderTest.OpenAsync(options: new StoreOptions { MaxBatch = 10 });

        var results = await test.Store.WriteTasksAsync(test.NewTasks(25));

        Assert.All(results, result => Assert.True(result.IsApplied));
        Assert.Equal([10, 10, 5], test.Commits);
    }

    [Fact]
    public async Task A_batch_holds_no_more_bytes_than_it_may()
    {
        await using var test = await StoreUnderTest.OpenAsync();
        TaskInsert[] large = [.. test.NewTasks(3).Select(insert => insert with { Parts = [new byte[4 << 20]] })];

        await test.Store.WriteTasksAsync(large);

        Assert.Equal([1, 1, 1], test.Commits);
    }

    [Fact]
    public async Task A_list_is_answered_in_its_own_order_whatever_the_order_of_ids()
    {
        await using var test = await StoreUnderTest.OpenAsync();
        var known = test.NewTasks(250);
        await test.Store.WriteTasksAsync(known);
        TaskWrite[] list = [.. known.SelectMany(insert => new TaskWrite[] { insert with { Row = insert.Row with { Token = -1 } }, test.NewTask() })];

        var results = await test.Store.WriteTasksAsync([.. list.Reverse()]);

        Assert.Equal(500, results.Count);
        Assert.All(results.Where((_, i) => i % 2 == 0), result => Assert.Equal(TaskWriteResult.Applied, result));
        Assert.All(results.Where((_, i) => i % 2 == 1), result => Assert.Equal(TaskWriteResult.Conflict, result));
    }

    [Fact]
    public async Task An_empty_list_is_answered_without_a_commit()
    {
        await using var test = await StoreUnderTest.OpenAsync();

        Assert.Empty(await test.Store.WriteTasksAsync([]));

        Assert.Empty(test.Commits);
    }

    [Fact]
    public async Task A_row_that_occurs_more_than_once_in_a_list_is_written_in_that_order()
    {
        await using var test = await StoreUnderTest.OpenAsync(lanes: 4);
        var insert = test.NewTask();
        var second = test.After(insert);
        var third = test.After(second);

        var results = await test.Store.WriteTasksAsync([insert, second, test.NewTask(), test.After(insert), third]);

        Assert.Equal([true, true, true, false, true], results.Select(result => result.IsApplied));
        Assert.Equal(third.Token, (await test.ReadAsync(insert.Id)).Token);
    }

    [Fact]
    public async Task Two_writes_of_one_row_are_never_under_way_at_once()
    {
        await using var test = await StoreUnderTest.OpenAsync(lanes: 2);
        using var gate = test.Engine.Hold();
        var insert = test.NewTask();
        var first = test.Store.WriteTaskAsync(insert);
        await gate.ArrivedAsync();

        var second = test.Store.WriteTaskAsync(test.After(insert));
        var other = test.Store.WriteTaskAsync(test.NewTask());
        await gate.ArrivedAsync();

        Assert.Equal([1, 1], test.Commits);
        gate.Open();
        Assert.All(await Task.WhenAll(first, second, other), result => Assert.True(result.IsApplied));
    }

    [Fact]
    public async Task Two_tasks_with_one_idempotency_key_are_never_under_way_at_once()
    {
        await using var test = await StoreUnderTest.OpenAsync(lanes: 2);
        using var gate = test.Engine.Hold();
        var (first, second) = (test.NewTask() with { IdempotencyKey = "key" }, test.NewTask() with { IdempotencyKey = "key" });
        var write = test.Store.WriteTasksAsync([first, second, test.NewTask()]);
        await gate.ArrivedAsync();

        Assert.Equal([2], test.Commits);
        gate.Open();
        Assert.Equal(new TaskWriteResult(TaskWriteStatus.KeyTaken, first.Id), (await write)[1]);
    }

    [Fact]
    public async Task A_write_that_waits_for_two_keys_is_overtaken_on_neither()
    {
        await using var test = await StoreUnderTest.OpenAsync(lanes: 4);
        var (row, holder) = (test.NewTask(), test.NewTask() with { IdempotencyKey = "key" });
        var repeated = row with { IdempotencyKey = "key", Row = row.Row with { Token = 99 } };

        // The third waits for the row and for the key; the fourth must wait for the third.
        var results = await test.Store.WriteTasksAsync([holder, row, repeated, test.After(row)]);

        Assert.Equal(
            [TaskWriteResult.Applied, TaskWriteResult.Applied, TaskWriteResult.Conflict, TaskWriteResult.Applied], results);
    }

    [Fact]
    public async Task Many_callers_over_few_rows_all_get_their_answers()
    {
        await using var test = await StoreUnderTest.OpenAsync(lanes: 4);
        var rows = test.NewTasks(3);
        await test.Store.WriteTasksAsync(rows);

        var results = await Task.WhenAll(Enumerable.Range(0, 3_000).Select(
            i => test.Store.WriteTaskAsync(test.After(rows[i % 3]) with { IfToken = null })));

        Assert.All(results, result => Assert.True(result.IsApplied));
    }

    [Fact]
    public async Task More_writes_than_may_wait_are_refused_as_busy_and_taken_later()
    {
        await using var test = await StoreUnderTest.OpenAsync(options: new StoreOptions { MaxPendingWrites = 1_000 });
        using var gate = test.Engine.Hold();
        var waiting = test.NewTasks(1_000).Select(insert => test.Store.WriteTaskAsync(insert)).ToList();

        var busy = await Assert.ThrowsAsync<StoreException>(() => test.Store.WriteTaskAsync(test.NewTask()));

        Assert.Equal((StoreFault.Unreachable, true, false), (busy.Fault, busy.IsRetryable, busy.IsOutcomeUnknown));
        gate.Open();
        await Task.WhenAll(waiting);
        Assert.True((await test.Store.WriteTaskAsync(test.NewTask())).IsApplied);
    }

    [Fact]
    public async Task A_list_longer_than_may_wait_is_taken_by_an_idle_store()
    {
        await using var test = await StoreUnderTest.OpenAsync(options: new StoreOptions { MaxPendingWrites = 1_000 });

        Assert.Equal(1_500, (await test.Store.WriteTasksAsync(test.NewTasks(1_500))).Count(result => result.IsApplied));
    }

    [Fact]
    public async Task A_disposed_store_has_committed_what_it_was_given_and_takes_no_more()
    {
        var test = await StoreUnderTest.OpenAsync();
        using var gate = test.Engine.Hold();
        var writes = test.NewTasks(5).Select(insert => test.Store.WriteTaskAsync(insert)).ToList();
        await gate.ArrivedAsync();

        var disposal = test.Store.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => test.Store.WriteTaskAsync(test.NewTask()));
        Assert.False(disposal.IsCompleted);
        gate.Open();
        await disposal;

        Assert.All(writes, write => Assert.True(write.IsCompletedSuccessfully && write.Result.IsApplied));
    }

    [Fact]
    public async Task A_caller_that_gives_up_its_wait_does_not_take_its_write_back()
    {
        await using var test = await StoreUnderTest.OpenAsync();
        using var gate = test.Engine.Hold();
        using var patience = new CancellationTokenSource();
        var insert = test.NewTask();
        var write = test.Store.WriteTaskAsync(insert, patience.Token);
        await gate.ArrivedAsync();

        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => write);
        gate.Open();

        Assert.Equal(TaskWriteResult.Applied, await test.Store.WriteTaskAsync(insert));
    }
}
