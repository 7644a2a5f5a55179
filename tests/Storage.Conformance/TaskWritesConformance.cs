using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.Tasks;

namespace FaultTolerance.Storage.Conformance;

/// <summary>Inserts and conditional updates of single rows, and batches of them.</summary>
public abstract class TaskWritesConformance : EngineConformance
{
    [Fact]
    public async Task A_stored_row_is_read_back_as_it_was_written()
    {
        var before = await Engine.ReadTimeAsync(CancellationToken.None);
        var insert = NewTask(TaskPhase.Running, owner: Node1);
        insert = insert with { Row = insert.Row with { Deadline = Future, Result = [0, 8], Finished = Past, Attempt = 3 } };

        var row = Assert.Single(await StoreAsync(insert));

        var stored = await ReadAsync(row.Id);
        AssertSame(row, stored);
        Assert.InRange(stored.Created, before, await Engine.ReadTimeAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Nothing_optional_is_read_back_as_nothing()
    {
        var insert = NewTask();
        insert = insert with { Row = insert.Row with { Life = [] } };

        await StoreAsync(insert);

        var stored = await ReadAsync(insert.Id);
        Assert.Null(stored.Claimed);
        Assert.Null(stored.Deadline);
        Assert.Null(stored.Finished);
        Assert.Null(stored.Result);
        Assert.Empty(stored.Life);
        Assert.True(stored.Owner.IsNone);
    }

    [Fact]
    public async Task Times_are_kept_in_whole_microseconds()
    {
        var insert = NewTask(due: Past.AddTicks(12_345_678));

        await StoreAsync(insert);

        Assert.Equal(Past.AddTicks(12_345_670), (await ReadAsync(insert.Id)).Due);
    }

    [Theory]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    [InlineData(-1)]
    public async Task The_greatest_and_smallest_numbers_are_kept(long number)
    {
        var insert = NewTask(TaskPhase.Running, owner: new NodeIncarnation(long.MaxValue));
        var row = insert.Row with { Token = number, Attempt = int.MaxValue };

        await StoreAsync(insert with { Row = row });

        AssertSame(row, await ReadAsync(row.Id));
        Assert.Equal(TaskWriteResult.Applied, await WriteAsync(Touch(row) with { IfToken = number }));
    }

    [Fact]
    public async Task Times_from_1970_to_the_end_of_9999_are_kept()
    {
        var insert = NewTask(TaskPhase.Failed);
        var last = StoreTime.Round(DateTimeOffset.MaxValue);
        var row = insert.Row with { Due = DateTimeOffset.UnixEpoch, Deadline = last, Finished = last };

        await StoreAsync(insert with { Row = row });

        AssertSame(row, await ReadAsync(row.Id));
    }

    [Fact]
    public async Task A_call_that_is_cancelled_before_it_starts_does_nothing()
    {
        var insert = NewTask();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Engine.CommitTasksAsync([insert], new CancellationToken(canceled: true)));

        Assert.False(await ExistsAsync(insert.Id));
    }

    [Fact]
    public async Task An_insert_where_the_id_exists_is_a_conflict_and_changes_nothing()
    {
        var row = Assert.Single(await StoreAsync(NewTask()));
        var other = NewTask(TaskPhase.Waiting) with { IdempotencyKey = "of the loser", DependsOn = [TaskId.New()] };

        var result = await WriteAsync(WithId(other, row.Id));

        Assert.Equal(TaskWriteResult.Conflict, result);
        AssertSame(row, await ReadAsync(row.Id));
        Assert.Empty((await Engine.ReadEdgesAsync(row.Id, CancellationToken.None)).Upstream);
        await StoreAsync(NewTask() with { IdempotencyKey = "of the loser" });
    }

    [Fact]
    public async Task An_update_that_the_row_meets_writes_every_field()
    {
        var row = Assert.Single(await StoreAsync(NewTask(TaskPhase.Running, owner: Node1)));
        var update = new TaskUpdate(row.Id, NewToken())
        {
            IfPhase = TaskPhase.Running,
            IfAttempt = 1,
            IfOwner = Node1,
            IfToken = row.Token,
            Phase = TaskPhase.Failed,
            Attempt = 2,
            Owner = Node2,
            Due = Future,
            Life = [1, 1, 1],
            Result = [0, 2],
            Finished = Future,
        };

        Assert.Equal(TaskWriteResult.Applied, await WriteAsync(update));

        AssertSame(row with
        {
            Phase = TaskPhase.Failed,
            Attempt = 2,
            Owner = Node2,
            Token = update.Token,
            Due = Future,
            Life = [1, 1, 1],
            Result = [0, 2],
            Finished = Future,
        }, await ReadAsync(row.Id));
    }

    [Fact]
    public async Task An_update_may_take_result_and_finish_away()
    {
        var row = Assert.Single(await StoreAsync(NewTask(TaskPhase.Failed)));

        await WriteAsync(Touch(row) with { Phase = TaskPhase.Queued, Result = null, Finished = null });

        var stored = await ReadAsync(row.Id);
        Assert.Null(stored.Result);
        Assert.Null(stored.Finished);
    }

    public static TheoryData<string> Conditions => ["phase", "attempt lower", "attempt higher", "owner", "no owner", "token", "unknown id"];

    [Theory]
    [MemberData(nameof(Conditions))]
    public async Task An_update_with_one_condition_unmet_is_a_conflict_and_changes_nothing(string condition)
    {
        var row = Assert.Single(await StoreAsync(NewTask(TaskPhase.Running, owner: Node1)));
        var met = Finish(row) with { IfToken = row.Token, Parts = [[1, 2, 3]] };
        var unmet = condition switch
        {
            "phase" => met with { IfPhase = TaskPhase.Queued },
            "attempt lower" => met with { IfAttempt = row.Attempt - 1 },
            "attempt higher" => met with { IfAttempt = row.Attempt + 1 },
            "owner" => met with { IfOwner = Node2 },
            "no owner" => met with { IfOwner = NodeIncarnation.None },
            "token" => met with { IfToken = NewToken() },
            _ => Finish(NewTask(TaskPhase.Running, owner: Node1).Row),
        };

        Assert.Equal(TaskWriteResult.Conflict, await WriteAsync(unmet));

        AssertSame(row, await ReadAsync(row.Id));
        Assert.Equal(TaskWriteResult.Applied, await WriteAsync(met));
    }

    [Fact]
    public async Task An_update_without_a_token_condition_takes_a_row_with_any_token()
    {
        var row = Assert.Single(await StoreAsync(NewTask()));

        Assert.Equal(TaskWriteResult.Applied, await WriteAsync(Touch(row)));
        Assert.Equal(TaskWriteResult.Applied, await WriteAsync(Touch(row)));
    }

    [Fact]
    public async Task A_repeated_update_is_a_conflict_on_a_row_that_carries_its_token()
    {
        var row = Assert.Single(await StoreAsync(NewTask(TaskPhase.Running, owner: Node1)));
        var update = Finish(row);
        await WriteAsync(update);

        Assert.Equal(TaskWriteResult.Conflict, await WriteAsync(update));

        Assert.Equal(update.Token, (await ReadAsync(row.Id)).Token);
    }

    [Fact]
    public async Task In_a_batch_each_write_has_its_own_answer()
    {
        var rows = await StoreAsync(NewTask(), NewTask(), NewTask() with { IdempotencyKey = "held" });
        TaskWrite[] writes =
        [
            NewTask(),
            Touch(rows[0]),
            Touch(rows[1]) with { IfAttempt = 7 },
            NewTask() with { IdempotencyKey = "held" },
            Touch(NewTask().Row),
            NewTask() with { IdempotencyKey = "free" },
        ];

        var results = await WriteAllAsync(writes);

        Assert.Equal(
            [
                TaskWriteResult.Applied,
                TaskWriteResult.Applied,
                TaskWriteResult.Conflict,
                new TaskWriteResult(TaskWriteStatus.KeyTaken, rows[2].Id),
                TaskWriteResult.Conflict,
                TaskWriteResult.Applied,
            ],
            results);
        Assert.False(await ExistsAsync(writes[3].Id));
        Assert.False(await ExistsAsync(writes[4].Id));
    }

    [Fact]
    public async Task A_batch_of_the_greatest_size_is_committed()
    {
        TaskInsert[] inserts = [.. Enumerable.Range(0, StoreLimits.Batch).Select(_ => NewTask())];

        var rows = await StoreAsync(inserts);
        var results = await WriteAllAsync([.. rows.Select(row => Finish(row))]);

        Assert.All(results, result => Assert.True(result.IsApplied));
        Assert.Equal(StoreLimits.Batch, (await Engine.CountAsync(CancellationToken.None))[TaskPhase.Succeeded]);
    }

    [Fact]
    public async Task An_empty_batch_is_answered_with_nothing() =>
        Assert.Empty(await Engine.CommitTasksAsync([], CancellationToken.None));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task After_rows_were_refused_good_ones_are_stored_on_the_same_session(int refusals)
    {
        for (var refusal = 0; refusal < refusals; refusal++)
        {
            await Assert.ThrowsAsync<StoreException>(() => WriteAsync(Poison(NewTask())));
        }

        var row = Assert.Single(await StoreAsync(NewTask()));
        Assert.Equal(TaskWriteResult.Applied, await WriteAsync(Touch(row)));

        Assert.True(await ExistsAsync(row.Id));
    }

    [Fact]
    public async Task A_batch_with_a_row_that_cannot_be_stored_is_refused_whole()
    {
        TaskInsert[] good = [.. Enumerable.Range(0, 10).Select(_ => NewTask())];

        var refused = await Assert.ThrowsAsync<StoreException>(() => WriteAllAsync([.. good, Poison(NewTask())]));

        Assert.Equal(StoreFault.Data, refused.Fault);
        Assert.False(refused.IsOutcomeUnknown);
        Assert.False(refused.IsRetryable);
        Assert.Empty(await Engine.ReadAsync([.. good.Select(insert => insert.Id)], CancellationToken.None));
        await StoreAsync(good);
    }

    [Fact]
    public async Task Of_writers_that_race_for_one_row_exactly_one_wins_each_round()
    {
        var row = Assert.Single(await StoreAsync(NewTask()));
        for (var round = 0; round < 10; round++)
        {
            TaskUpdate[] racing = [.. Enumerable.Range(0, 8).Select(_ => Touch(row) with { IfToken = row.Token })];

            var results = await TogetherAsync(racing.Length, writer => WriteAsync(racing[writer]));

            var winner = Assert.Single(racing, update => results[Array.IndexOf(racing, update)].IsApplied);
            Assert.Equal(7, results.Count(result => result == TaskWriteResult.Conflict));
            row = await ReadAsync(row.Id);
            Assert.Equal(winner.Token, row.Token);
        }
    }

    [Fact]
    public async Task Of_inserts_that_race_for_one_id_exactly_one_wins()
    {
        var id = TaskId.New();
        TaskInsert[] racing = [.. Enumerable.Range(0, 8).Select(_ => WithId(NewTask(), id))];

        var results = await TogetherAsync(racing.Length, writer => WriteAsync(racing[writer]));

        var winner = Assert.Single(racing, insert => results[Array.IndexOf(racing, insert)].IsApplied);
        Assert.Equal(winner.Token, (await ReadAsync(id)).Token);
    }

    [Fact]
    public async Task Batches_over_the_same_rows_at_the_same_time_all_come_through()
    {
        var rows = await StoreAsync([.. Enumerable.Range(0, 100).Select(_ => NewTask())]);

        var answers = await TogetherAsync(4, _ => WriteAllAsync([.. rows.Select(row => Touch(row) with { IfToken = row.Token })]));

        for (var i = 0; i < rows.Count; i++)
        {
            Assert.Single(answers, answer => answer[i].IsApplied);
        }
    }
}
