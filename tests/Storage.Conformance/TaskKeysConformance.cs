using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.Tasks;

namespace FaultTolerance.Storage.Conformance;

/// <summary>Idempotency keys, and text that engines trip over.</summary>
public abstract class TaskKeysConformance : EngineConformance
{
    /// <summary>Text that must be kept exactly. Each stands for a way in which databases change text.</summary>
    public static TheoryData<string> OddTexts =>
    [
        "",
        " ",
        "trailing  ",
        "\0",
        "a\0b",
        "a\0",
        "line\r\nline\tend",
        "quote ' double \" back \\ percent % under _ semicolon ; --",
        "emoji 👩‍👩‍👧 🏴‍☠️",
        "é",        // composed
        "e\u0301",  // the same, decomposed
        "ß",
        "SS",
        "\uFEFFmark",
        "\U0010FFFD",
        "{\"json\": [1, null]}",
        "$1 :name @name ?",
    ];

    [Fact]
    public async Task The_first_task_with_a_key_wins_and_the_second_is_told_of_it()
    {
        var first = NewTask() with { IdempotencyKey = "monthly report" };
        var second = NewTask() with { IdempotencyKey = "monthly report", DependsOn = [first.Id], Parts = [[1]] };

        await StoreAsync(first);
        var result = await WriteAsync(second);

        Assert.Equal(new TaskWriteResult(TaskWriteStatus.KeyTaken, first.Id), result);
        Assert.False(await ExistsAsync(second.Id));
        Assert.Empty((await Engine.ReadEdgesAsync(first.Id, CancellationToken.None)).Downstream);
    }

    [Fact]
    public async Task The_same_task_with_the_same_key_again_is_a_conflict()
    {
        var insert = NewTask() with { IdempotencyKey = "once" };
        await StoreAsync(insert);

        Assert.Equal(TaskWriteResult.Conflict, await WriteAsync(insert));
    }

    [Fact]
    public async Task A_known_id_with_the_key_of_another_task_is_a_conflict()
    {
        var (known, holder) = (NewTask(), NewTask() with { IdempotencyKey = "held" });
        await StoreAsync(known, holder);

        Assert.Equal(TaskWriteResult.Conflict, await WriteAsync(known with { IdempotencyKey = "held" }));
    }

    [Fact]
    public async Task A_key_is_held_until_its_task_is_purged_however_the_task_ended()
    {
        var insert = NewTask() with { IdempotencyKey = "kept" };
        await StoreAsync(insert);
        await WriteAsync(Finish(insert.Row, TaskPhase.Cancelled));

        Assert.Equal(
            new TaskWriteResult(TaskWriteStatus.KeyTaken, insert.Id),
            await WriteAsync(NewTask() with { IdempotencyKey = "kept" }));
    }

    [Fact]
    public async Task Of_tasks_that_race_for_one_key_one_wins_and_all_others_are_told_of_it()
    {
        for (var round = 0; round < 10; round++)
        {
            var key = $"round {round}";
            TaskInsert[] racing = [.. Enumerable.Range(0, 8).Select(_ => NewTask() with { IdempotencyKey = key })];

            var results = await TogetherAsync(racing.Length, writer => WriteAsync(racing[writer]));

            var winner = Assert.Single(racing, insert => results[Array.IndexOf(racing, insert)].IsApplied);
            Assert.Equal(7, results.Count(result => result == new TaskWriteResult(TaskWriteStatus.KeyTaken, winner.Id)));
            Assert.Single(await Engine.ReadAsync([.. racing.Select(insert => insert.Id)], CancellationToken.None));
        }
    }

    [Fact]
    public async Task Batches_with_the_same_keys_in_opposite_orders_all_come_through()
    {
        string[] keys = [.. Enumerable.Range(0, 50).Select(i => $"key {i}")];
        TaskInsert[][] batches =
        [
            [.. keys.Select(key => NewTask() with { IdempotencyKey = key })],
            [.. keys.Reverse().Select(key => NewTask() with { IdempotencyKey = key })],
        ];

        var answers = await TogetherAsync(2, batch => WriteAllAsync(batches[batch]));

        Assert.Equal(50, answers.Sum(answer => answer.Count(result => result.IsApplied)));
        Assert.Equal(50, answers.Sum(answer => answer.Count(result => result.Status == TaskWriteStatus.KeyTaken)));
    }

    [Theory]
    [MemberData(nameof(OddTexts))]
    public async Task An_odd_key_is_kept_exactly(string text)
    {
        var insert = NewTask() with { IdempotencyKey = text };
        await StoreAsync(insert);

        Assert.Equal(
            new TaskWriteResult(TaskWriteStatus.KeyTaken, insert.Id),
            await WriteAsync(NewTask() with { IdempotencyKey = text }));
    }

    [Fact]
    public async Task All_odd_keys_are_different_keys() =>
        await StoreAsync([.. OddTexts.Select(text => NewTask() with { IdempotencyKey = text.Data })]);

    [Fact]
    public async Task Keys_that_differ_in_case_only_are_different_keys() =>
        await StoreAsync(NewTask() with { IdempotencyKey = "Straße" }, NewTask() with { IdempotencyKey = "strasse" }, NewTask() with { IdempotencyKey = "STRASSE" });

    [Fact]
    public async Task A_key_at_its_limit_is_kept()
    {
        var key = string.Concat(Enumerable.Repeat("👩", StoreLimits.IdempotencyKey / 2));
        Assert.Equal(StoreLimits.IdempotencyKey, key.Length);
        var insert = NewTask() with { IdempotencyKey = key };
        await StoreAsync(insert);

        Assert.Equal(insert.Id, (await WriteAsync(NewTask() with { IdempotencyKey = key })).KeyHolder);
    }

    [Fact]
    public async Task A_key_over_its_limit_is_bad_data()
    {
        var insert = NewTask() with { IdempotencyKey = new string('k', 10 * 1024) };

        var refused = await Assert.ThrowsAsync<StoreException>(() => WriteAsync(insert));

        Assert.Equal(StoreFault.Data, refused.Fault);
        Assert.False(await ExistsAsync(insert.Id));
    }

    [Fact]
    public async Task A_handler_at_its_limit_is_kept()
    {
        var insert = NewTask(handler: new string('h', StoreLimits.Handler));

        await StoreAsync(insert);

        Assert.Equal(insert.Row.Handler, (await ReadAsync(insert.Id)).Handler);
    }

    [Fact]
    public async Task A_handler_over_its_limit_is_bad_data()
    {
        var refused = await Assert.ThrowsAsync<StoreException>(
            () => WriteAsync(NewTask(handler: new string('h', StoreLimits.Handler + 1))));

        Assert.Equal(StoreFault.Data, refused.Fault);
    }
}
