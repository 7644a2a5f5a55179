using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.GrainState;
using FaultTolerance.Storage.Tasks;
using FaultTolerance.Testing;

namespace FaultTolerance.Storage.Conformance;

/// <summary>The durable store on the engine: lost answers, bad rows and many callers, against the real database.</summary>
public abstract class DurableStoreConformance : EngineConformance
{
    private FaultyEngine? _faulty;
    private IDurableStore? _store;
    private TimeSpan _opening;

    public static TheoryData<InjectedFault> LostAnswers => [InjectedFault.RequestLost, InjectedFault.ReplyLost, InjectedFault.LandsLate];

    private FaultyEngine Faulty => _faulty!;

    private IDurableStore Store => _store!;

    public override ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return _store?.DisposeAsync() ?? base.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(LostAnswers))]
    public async Task An_insert_whose_answer_was_lost_is_applied_once_with_all_that_belongs_to_it(InjectedFault fault)
    {
        var needed = NewTask();
        await Store.WriteTaskAsync(needed);
        var insert = NewTask(TaskPhase.Waiting) with
        {
            DependsOn = [needed.Id],
            Parent = needed.Id,
            IdempotencyKey = "key",
            Parts = [[1, 2], [3]],
        };
        Faulty.FailWrite(1, fault);

        Assert.Equal(TaskWriteResult.Applied, await Store.WriteTaskAsync(insert));

        AssertSame(insert.Row, await ReadAsync(insert.Id));
        Assert.Equal([1, 2, 3], await Store.ReadPartsAsync(insert.Id, insert.Token, CancellationToken.None));
        var edges = await Store.ReadEdgesAsync(needed.Id, CancellationToken.None);
        Assert.Equal([insert.Id], edges.Downstream);
        Assert.Equal([insert.Id], edges.Children);
        Assert.Equal(insert.Id, (await Store.WriteTaskAsync(NewTask() with { IdempotencyKey = "key" })).KeyHolder);
    }

    [Theory]
    [MemberData(nameof(LostAnswers))]
    public async Task An_update_whose_answer_was_lost_is_applied_once(InjectedFault fault)
    {
        var insert = NewTask(TaskPhase.Running, owner: Node1);
        await Store.WriteTaskAsync(insert);
        var (finish, late) = (Finish(insert.Row), Finish(insert.Row, TaskPhase.Failed));
        Faulty.FailWrite(1, fault);

        Assert.Equal(TaskWriteResult.Applied, await Store.WriteTaskAsync(finish));
        Assert.Equal(TaskWriteResult.Conflict, await Store.WriteTaskAsync(late));

        Assert.Equal((TaskPhase.Succeeded, finish.Token), ((await ReadAsync(insert.Id)).Phase, (await ReadAsync(insert.Id)).Token));
    }

    [Theory]
    [MemberData(nameof(LostAnswers))]
    public async Task A_state_whose_answer_was_lost_is_written_once(InjectedFault fault)
    {
        var first = new GrainStateWrite("state", null, NewToken(), [1]);
        var second = new GrainStateWrite("state", first.Token, NewToken(), [2]);
        Faulty.FailWrite(1, fault);
        Assert.True(await Store.WriteStateAsync(first));
        Faulty.FailWrite(1, fault);

        Assert.True(await Store.WriteStateAsync(second));
        Assert.False(await Store.WriteStateAsync(second with { Token = NewToken() }));

        Assert.Equal(second.Token, (await Store.ReadStateAsync("state", CancellationToken.None))?.Token);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Under_a_hail_of_lost_answers_every_chain_of_writes_is_applied_once_and_in_order(int seed)
    {
        Faulty.Plan = FaultPlans.Seeded(
            seed, rate: 0.2, InjectedFault.RequestLost, InjectedFault.ReplyLost, InjectedFault.LandsLate, InjectedFault.Contention);

        var last = await Task.WhenAll(Enumerable.Range(0, 30).Select(async _ =>
        {
            var insert = NewTask();
            var row = insert.Row;
            Assert.Equal(TaskWriteResult.Applied, await Store.WriteTaskAsync(insert));
            for (var step = 0; step < 5; step++)
            {
                var update = Touch(row) with { IfToken = row.Token };
                Assert.Equal(TaskWriteResult.Applied, await Store.WriteTaskAsync(update));
                row = row with { Token = update.Token };
            }

            return row;
        }));

        Faulty.Plan = FaultPlans.Nothing;
        foreach (var row in last)
        {
            AssertSame(row, await ReadAsync(row.Id));
        }
    }

    [Fact]
    public async Task A_row_that_cannot_be_stored_among_500_hurts_only_its_own_caller()
    {
        TaskInsert[] good = [.. Enumerable.Range(0, 499).Select(_ => NewTask())];
        var poison = Poison(NewTask());
        var writes = good.Take(250).Append(poison).Concat(good.Skip(250)).Select(insert => Store.WriteTaskAsync(insert)).ToList();

        var refused = await Assert.ThrowsAsync<StoreException>(() => writes[250]);

        Assert.Equal(StoreFault.Data, refused.Fault);
        Assert.Equal([poison.Id], refused.RefusedTasks);
        writes.RemoveAt(250);
        Assert.All(await Task.WhenAll(writes), result => Assert.Equal(TaskWriteResult.Applied, result));
        Assert.Equal(499, (await Store.ReadAsync([.. good.Select(insert => insert.Id)], CancellationToken.None)).Count);
        Assert.False(await ExistsAsync(poison.Id));
    }

    [Fact]
    public async Task A_list_with_a_row_that_cannot_be_stored_names_it_and_stores_the_others()
    {
        TaskInsert[] good = [.. Enumerable.Range(0, 499).Select(_ => NewTask())];
        var poison = Poison(NewTask());

        var refused = await Assert.ThrowsAsync<StoreException>(() => Store.WriteTasksAsync([.. good, poison]));

        Assert.Equal([poison.Id], refused.RefusedTasks);
        Assert.Equal(499, (await Store.ReadAsync([.. good.Select(insert => insert.Id)], CancellationToken.None)).Count);
    }

    [Fact]
    public async Task A_row_that_occurs_more_than_once_in_a_list_is_written_in_that_order()
    {
        var insert = NewTask();
        var second = Touch(insert.Row) with { IfToken = insert.Token };
        var third = Touch(insert.Row) with { IfToken = second.Token };

        var results = await Store.WriteTasksAsync([insert, second, NewTask(), Touch(insert.Row) with { IfToken = insert.Token }, third]);

        Assert.Equal([true, true, true, false, true], results.Select(result => result.IsApplied));
        Assert.Equal(third.Token, (await ReadAsync(insert.Id)).Token);
    }

    [Fact]
    public async Task A_list_of_tasks_with_one_idempotency_key_stores_the_first()
    {
        TaskInsert[] inserts = [.. Enumerable.Range(0, 5).Select(_ => NewTask() with { IdempotencyKey = "same" })];

        var results = await Store.WriteTasksAsync(inserts);

        Assert.Equal(TaskWriteResult.Applied, results[0]);
        Assert.All(results.Skip(1), result => Assert.Equal(new TaskWriteResult(TaskWriteStatus.KeyTaken, inserts[0].Id), result));
    }

    [Fact]
    public async Task Many_callers_write_many_rows()
    {
        TaskInsert[] inserts = [.. Enumerable.Range(0, 2_000).Select(_ => NewTask(TaskPhase.Running, owner: Node1))];

        var results = await Task.WhenAll(inserts.Select(async insert =>
            (await Store.WriteTaskAsync(insert), await Store.WriteTaskAsync(Finish(insert.Row)))));

        Assert.All(results, result => Assert.True(result.Item1.IsApplied && result.Item2.IsApplied));
        Assert.Equal(2_000, (await Store.CountAsync(CancellationToken.None))[TaskPhase.Succeeded]);
    }

    [Fact]
    public async Task Callers_that_write_the_same_rows_take_turns()
    {
        var rows = Enumerable.Range(0, 3).Select(_ => NewTask()).ToArray();
        await Store.WriteTasksAsync(rows);

        var results = await Task.WhenAll(Enumerable.Range(0, 300).Select(i => Store.WriteTaskAsync(Touch(rows[i % 3].Row))));

        Assert.All(results, result => Assert.True(result.IsApplied));
    }

    [Fact]
    public async Task The_largest_payload_is_read_back_whole_and_a_larger_one_is_refused()
    {
        var limit = new StoreOptions().MaxPayload;
        var payload = new byte[limit];
        new Random(1).NextBytes(payload);
        var insert = NewTask();
        var (stored, parts) = PayloadReference.Store(payload, insert.Token, new StoreOptions().MaxInlinePayload);

        await Store.WriteTaskAsync(insert with { Row = insert.Row with { Spec = stored }, Parts = parts });

        Assert.Equal(payload, await Store.ReadPartsAsync(insert.Id, insert.Token, CancellationToken.None));
        var refused = await Assert.ThrowsAsync<StoreException>(
            () => Store.WriteTaskAsync(NewTask() with { Parts = [.. parts, [1]] }));
        Assert.Equal(StoreFault.Data, refused.Fault);
    }

    [Theory]
    [InlineData("specification")]
    [InlineData("result")]
    [InlineData("log of attempts")]
    public async Task An_inline_field_over_the_limit_is_refused(string field)
    {
        var limit = field == "log of attempts" ? new StoreOptions().MaxPayload : new StoreOptions().MaxInlinePayload + 1; // with its mark
        var insert = NewTask(TaskPhase.Running, owner: Node1);
        await Store.WriteTaskAsync(insert);
        TaskWrite WithLength(int length) => field switch
        {
            "specification" => NewTask() with { Row = insert.Row with { Id = TaskId.New(), Spec = new byte[length] } },
            "result" => Finish(insert.Row) with { Result = new byte[length] },
            _ => Touch(insert.Row) with { Life = new byte[length] },
        };

        var tooLarge = WithLength(limit + 1);
        var refused = await Assert.ThrowsAsync<StoreException>(() => Store.WriteTaskAsync(tooLarge));
        var refusedInList = await Assert.ThrowsAsync<StoreException>(() => Store.WriteTasksAsync([tooLarge]));

        Assert.All([refused, refusedInList], failure => Assert.Equal((StoreFault.Data, tooLarge.Id), (failure.Fault, Assert.Single(failure.RefusedTasks))));
        Assert.Contains(field, refused.Message);
        Assert.Contains("StoreOptions.Max", refused.Message);
        Assert.Equal(TaskWriteResult.Applied, await Store.WriteTaskAsync(WithLength(limit)));
    }

    [Fact]
    public async Task The_stores_time_is_known_without_asking_the_store()
    {
        var before = await Engine.ReadTimeAsync(CancellationToken.None);
        var now = Store.Now;
        var after = await Engine.ReadTimeAsync(CancellationToken.None);

        // The reading that the store goes by took no longer than opening the store did.
        Assert.InRange(now, before - _opening, after + _opening);
    }

    protected override async Task StartAsync(IStorageEngine engine)
    {
        _faulty = new FaultyEngine(engine);
        var started = TimeProvider.System.GetTimestamp();
        _store = await DurableStoreFactory.OpenAsync(_faulty, seed: 42);
        _opening = TimeProvider.System.GetElapsedTime(started) + TimeSpan.FromMilliseconds(1);
    }
}
