using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.GrainState;
using FaultTolerance.Storage.Tasks;
using FaultTolerance.Testing;

namespace FaultTolerance.Storage.Tests;

public sealed class CommitFaultTests
{
    public static TheoryData<InjectedFault> PassingFaults =>
        [InjectedFault.Unreachable, InjectedFault.RequestLost, InjectedFault.ReplyLost, InjectedFault.LandsLate, InjectedFault.Contention];

    public static TheoryData<InjectedFault> UnknownOutcomes => [InjectedFault.RequestLost, InjectedFault.ReplyLost, InjectedFault.LandsLate];

    [Theory]
    [InlineData(0)]
    [InlineData(0, 499)]
    [InlineData(123)]
    [InlineData(249, 250)]
    public async Task Rows_that_cannot_be_stored_hurt_only_their_own_callers_among_500(params int[] poison)
    {
        await using var test = await StoreUnderTest.OpenAsync();
        TaskInsert[] inserts = [.. Enumerable.Range(0, 500).Select(i => poison.Contains(i) ? test.PoisonTask() : test.NewTask())];
        using var gate = test.Engine.Hold();
        var first = test.Store.WriteTaskAsync(test.NewTask());
        await gate.ArrivedAsync();
        var writes = inserts.Select(insert => test.Store.WriteTaskAsync(insert)).ToList();
        gate.Open();
        await first;

        for (var i = 0; i < writes.Count; i++)
        {
            if (poison.Contains(i))
            {
                var refused = await Assert.ThrowsAsync<StoreException>(() => writes[i]);
                Assert.Equal((StoreFault.Data, false, false), (refused.Fault, refused.IsRetryable, refused.IsOutcomeUnknown));
                Assert.Equal([inserts[i].Id], refused.RefusedTasks);
            }
            else
            {
                Assert.Equal(TaskWriteResult.Applied, await writes[i]);
            }
        }

        Assert.Equal(500 - poison.Length, await test.CountStoredAsync(inserts));
    }

    [Fact]
    public async Task A_list_with_rows_that_cannot_be_stored_names_them_and_stores_the_others()
    {
        await using var test = await StoreUnderTest.OpenAsync();
        TaskInsert[] inserts = [.. test.NewTasks(250), test.PoisonTask(), .. test.NewTasks(248), test.PoisonTask()];

        var refused = await Assert.ThrowsAsync<StoreException>(() => test.Store.WriteTasksAsync(inserts));

        Assert.Equal(StoreFault.Data, refused.Fault);
        Assert.Equal(new[] { inserts[250].Id, inserts[499].Id }.Order(), refused.RefusedTasks.Order());
        Assert.Equal(498, await test.CountStoredAsync(inserts));
        var answers = await test.Store.WriteTasksAsync([.. inserts.Where(insert => !refused.RefusedTasks.Contains(insert.Id))]);
        Assert.All(answers, answer => Assert.Equal(TaskWriteResult.Applied, answer));
    }

    [Fact]
    public async Task A_batch_that_lost_against_another_is_repeated_at_once()
    {
        await using var test = await StoreUnderTest.OpenAsync();
        test.Engine.FailWrite(1, InjectedFault.Contention);

        Assert.Equal(TaskWriteResult.Applied, await test.Store.WriteTaskAsync(test.NewTask()));

        Assert.Equal([1, 1], test.Commits);
    }

    [Fact]
    public async Task A_batch_whose_connection_broke_is_repeated_at_once()
    {
        await using var test = await StoreUnderTest.OpenAsync();
        test.Engine.FailWrite(1, InjectedFault.ReplyLost);

        Assert.Equal(TaskWriteResult.Applied, await test.Store.WriteTaskAsync(test.NewTask()));

        Assert.Equal([1, 1], test.Commits);
    }

    [Theory]
    [MemberData(nameof(PassingFaults))]
    public async Task A_fault_that_passes_hurts_nobody_however_often_it_strikes_in_a_row(InjectedFault fault)
    {
        await using var test = await StoreUnderTest.OpenAsync();
        foreach (var nth in Enumerable.Range(1, 12))
        {
            test.Engine.FailWrite(nth, fault);
        }

        var insert = test.NewTask() with { IdempotencyKey = "key" };

        Assert.Equal(TaskWriteResult.Applied, await test.Time.RunAsync(test.Store.WriteTaskAsync(insert)));
        Assert.Equal(13, test.Commits.Count());
    }

    [Theory]
    [MemberData(nameof(UnknownOutcomes))]
    public async Task A_write_with_an_unknown_outcome_is_applied_once_and_told_so(InjectedFault fault)
    {
        await using var test = await StoreUnderTest.OpenAsync();
        var insert = test.NewTask() with { IdempotencyKey = "key" };
        var (update, state) = (test.After(insert), new GrainStateWrite("state", null, 1, [1]));

        test.Engine.FailWrite(1, fault);
        Assert.Equal(TaskWriteResult.Applied, await test.Time.RunAsync(test.Store.WriteTaskAsync(insert)));
        test.Engine.FailWrite(1, fault);
        Assert.Equal(TaskWriteResult.Applied, await test.Time.RunAsync(test.Store.WriteTaskAsync(update)));
        test.Engine.FailWrite(1, fault);
        Assert.True(await test.Time.RunAsync(test.Store.WriteStateAsync(state)));

        Assert.Equal(update.Token, (await test.ReadAsync(insert.Id)).Token);
        Assert.Equal(1, (await test.Store.ReadStateAsync("state", CancellationToken.None))?.Token);
    }

    [Theory]
    [MemberData(nameof(UnknownOutcomes))]
    public async Task Of_a_batch_with_an_unknown_outcome_each_write_is_settled_on_its_own(InjectedFault fault)
    {
        await using var test = await StoreUnderTest.OpenAsync();
        var known = test.NewTask() with { IdempotencyKey = "held" };
        await test.Store.WriteTaskAsync(known);
        test.Engine.FailWrite(1, fault);

        var results = await test.Time.RunAsync(test.Store.WriteTasksAsync(
            [test.NewTask(), test.After(known), test.After(test.NewTask()), test.NewTask() with { IdempotencyKey = "held" }]));

        Assert.Equal(
            [TaskWriteResult.Applied, TaskWriteResult.Applied, TaskWriteResult.Conflict, new(TaskWriteStatus.KeyTaken, known.Id)],
            results);
    }

    [Fact]
    public async Task An_answer_that_cannot_be_settled_is_asked_for_again()
    {
        await using var test = await StoreUnderTest.OpenAsync();
        var insert = test.NewTask();
        test.Engine.FailWrite(1, InjectedFault.ReplyLost);
        var reads = 0;
        test.Engine.Plan = call => call.Operation == nameof(IStorageEngine.ReadAsync) && ++reads <= 3 ? InjectedFault.Unreachable : InjectedFault.None;

        Assert.Equal(TaskWriteResult.Applied, await test.Time.RunAsync(test.Store.WriteTaskAsync(insert)));
        Assert.Equal(4, reads);
    }

    [Fact]
    public async Task The_same_write_asked_for_again_is_applied_until_somebody_else_writes()
    {
        await using var test = await StoreUnderTest.OpenAsync();
        var insert = test.NewTask();
        await test.Store.WriteTaskAsync(insert);

        Assert.Equal(TaskWriteResult.Applied, await test.Store.WriteTaskAsync(insert));
        await test.Store.WriteTaskAsync(test.After(insert));
        Assert.Equal(TaskWriteResult.Conflict, await test.Store.WriteTaskAsync(insert));
    }

    [Fact]
    public async Task A_store_that_is_not_there_for_the_whole_time_out_is_a_retryable_error()
    {
        await using var test = await StoreUnderTest.OpenAsync();
        var (start, insert) = (test.Time.GetUtcNow(), test.NewTask());
        test.Engine.IsReachable = false;

        var failure = await Assert.ThrowsAsync<StoreException>(() => test.Time.RunAsync(test.Store.WriteTaskAsync(insert)));

        Assert.Equal((StoreFault.Unreachable, true, false), (failure.Fault, failure.IsRetryable, failure.IsOutcomeUnknown));
        Assert.Equal(TimeSpan.FromSeconds(30), test.Time.GetUtcNow() - start);
        test.Engine.IsReachable = true;
        Assert.Equal(TaskWriteResult.Applied, await test.Store.WriteTaskAsync(insert));
    }

    [Theory]
    [MemberData(nameof(UnknownOutcomes))]
    public async Task A_write_whose_outcome_stays_unknown_for_the_whole_time_out_says_so(InjectedFault fault)
    {
        await using var test = await StoreUnderTest.OpenAsync();
        test.Engine.FailWrite(1, fault);
        test.Engine.Plan = _ => InjectedFault.Unreachable;

        var failure = await Assert.ThrowsAsync<StoreException>(() => test.Time.RunAsync(test.Store.WriteTasksAsync(test.NewTasks(3))));

        Assert.Equal((StoreFault.Unreachable, true, true), (failure.Fault, failure.IsRetryable, failure.IsOutcomeUnknown));
    }

    [Fact]
    public async Task A_store_that_never_answers_is_given_up_at_the_time_out()
    {
        await using var test = await StoreUnderTest.OpenAsync();
        using var gate = test.Engine.Hold();
        var write = test.Store.WriteTaskAsync(test.NewTask());
        await gate.ArrivedAsync();

        test.Time.Advance(TimeSpan.FromSeconds(30));

        var failure = await Assert.ThrowsAsync<StoreException>(() => write);
        Assert.Equal((StoreFault.Unreachable, true, true), (failure.Fault, failure.IsRetryable, failure.IsOutcomeUnknown));
    }

    [Fact]
    public async Task A_write_that_waited_too_long_for_its_turn_was_not_committed_and_says_so()
    {
        await using var test = await StoreUnderTest.OpenAsync();
        using var gate = test.Engine.Hold();
        var first = test.Store.WriteTaskAsync(test.NewTask());
        await gate.ArrivedAsync();
        var waiting = test.Store.WriteTaskAsync(test.NewTask());
        test.Time.Advance(TimeSpan.FromSeconds(29));
        var late = test.Store.WriteTaskAsync(test.NewTask());

        test.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.True((await Assert.ThrowsAsync<StoreException>(() => first)).IsOutcomeUnknown);
        Assert.False((await Assert.ThrowsAsync<StoreException>(() => waiting)).IsOutcomeUnknown);
        gate.Open();
        Assert.True((await late).IsApplied);
    }

    [Fact]
    public async Task A_store_that_cannot_be_used_any_more_says_so_at_once()
    {
        await using var test = await StoreUnderTest.OpenAsync();
        test.Engine.FailWrite(1, InjectedFault.Unusable);

        var failure = await Assert.ThrowsAsync<StoreException>(() => test.Store.WriteTaskAsync(test.NewTask()));

        Assert.Equal((StoreFault.Unusable, false), (failure.Fault, failure.IsRetryable));
        Assert.True((await test.Store.WriteTaskAsync(test.NewTask())).IsApplied);
    }

    [Fact]
    public async Task A_defect_of_the_engine_reaches_its_callers_and_stops_nobody_else()
    {
        await using var test = await StoreUnderTest.OpenAsync();
        var calls = 0;
        test.Engine.Plan = call => call.IsWrite && ++calls == 1 ? throw new InvalidOperationException("defect") : InjectedFault.None;

        var failure = await Assert.ThrowsAsync<StoreException>(() => test.Store.WriteTaskAsync(test.NewTask()));

        Assert.Equal((StoreFault.Unusable, true), (failure.Fault, failure.IsOutcomeUnknown));
        Assert.True((await test.Store.WriteTaskAsync(test.NewTask())).IsApplied);
    }

    [Theory]
    [MemberData(nameof(PassingFaults))]
    public async Task Every_write_point_stands_every_fault(InjectedFault fault)
    {
        for (var nth = 1; ; nth++)
        {
            await using var test = await StoreUnderTest.OpenAsync(lanes: 2);
            test.Engine.FailWrite(nth, fault);
            TaskInsert[] inserts = [.. test.NewTasks(5), test.NewTask() with { IdempotencyKey = "key" }];
            TaskUpdate[] updates = [.. inserts.Select(insert => test.After(insert, TaskPhase.Cancelled))];

            var results = await test.Time.RunAsync(test.Store.WriteTasksAsync([.. inserts, .. updates]));
            var states = await test.Time.RunAsync(Task.WhenAll(
                Enumerable.Range(0, 3).Select(i => test.Store.WriteStateAsync(new GrainStateWrite($"{i}", null, i + 1, [1])))));

            Assert.All(results, result => Assert.Equal(TaskWriteResult.Applied, result));
            Assert.All(states, Assert.True);
            Assert.Equal(6, (await test.Store.CountAsync(CancellationToken.None))[TaskPhase.Cancelled]);
            if (test.Engine.Writes < nth)
            {
                return;
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Under_a_hail_of_faults_every_chain_of_writes_is_applied_once_and_in_order(int seed)
    {
        await using var test = await StoreUnderTest.OpenAsync(lanes: 3);
        test.Engine.Plan = FaultPlans.Seeded(seed, rate: 0.3);

        var last = await test.Time.RunAsync(Task.WhenAll(Enumerable.Range(0, 50).Select(async _ =>
        {
            TaskWrite write = test.NewTask();
            for (var step = 0; step < 10; step++)
            {
                Assert.Equal(TaskWriteResult.Applied, await test.Store.WriteTaskAsync(write));
                write = test.After(write);
            }

            return write;
        })));

        var rows = await test.Time.RunAsync(test.Store.ReadAsync([.. last.Select(write => write.Id)], CancellationToken.None));
        Assert.Equal(
            last.Select(write => (write.Id, ((TaskUpdate)write).IfToken ?? 0)).Order(),
            rows.Select(row => (row.Id, row.Token)).Order());
    }
}
