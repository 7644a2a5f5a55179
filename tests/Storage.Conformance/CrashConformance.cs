using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using FaultTolerance.Storage.Conformance.Processes;
using FaultTolerance.Storage.Tasks;

namespace FaultTolerance.Storage.Conformance;

/// <summary>Writers in processes of their own, which die and race.</summary>
public abstract class CrashConformance : EngineConformance
{
    private const int Kills = 100;
    private const int AtATime = 4;
    private const int InlineLimit = 64 * 1024;

    // What each row that was acknowledged must be like: the id and the token of the newest acknowledged write.
    private readonly ConcurrentDictionary<TaskId, Acknowledged> _acknowledged = new();

    /// <summary>Gets the name by which the writing program knows the engine.</summary>
    protected abstract string EngineName { get; }

    /// <summary>Gets where the writing program finds the store.</summary>
    protected abstract string Location { get; }

    [Fact]
    public async Task Whatever_was_acknowledged_survives_a_hundred_kills_of_its_writers()
    {
        var seeds = new ConcurrentQueue<int>(Enumerable.Range(1, Kills));
        await Task.WhenAll(Enumerable.Range(0, AtATime).Select(_ => KillWritersAsync(seeds)));

        Assert.NotEmpty(_acknowledged);
        foreach (var ids in _acknowledged.Keys.Chunk(StoreLimits.Read))
        {
            var rows = await Engine.ReadAsync(ids, CancellationToken.None);
            Assert.Equal(ids.Length, rows.Count);
            foreach (var row in rows)
            {
                await AssertWholeAsync(row);
            }
        }

        await AssertKeysAreHeldAsync();
        Assert.Contains(_acknowledged.Values, acknowledged => acknowledged.Length > InlineLimit);
        await StoreAsync(NewTask());
    }

    [Fact]
    public async Task Processes_that_race_for_one_row_never_both_win()
    {
        var row = Assert.Single(await StoreAsync(NewTask()));
        await using var one = WriterProcess.Start("race", EngineName, Location, row.Id, 200);
        await using var other = WriterProcess.Start("race", EngineName, Location, row.Id, 200);

        var exitCodes = await Task.WhenAll(one.ExitCodeAsync(), other.ExitCodeAsync());

        Assert.Equal([0, 0], exitCodes);
        Assert.Equal(400, (await ReadAsync(row.Id)).Attempt);
    }

    [Fact]
    public async Task Processes_that_find_an_empty_store_make_it_together()
    {
        WriterProcess[] writers = [.. Enumerable.Range(1, 3).Select(seed => WriterProcess.Start("insert", EngineName, EmptyLocation(), seed))];
        foreach (var writer in writers)
        {
            await using (writer)
            {
                await writer.UntilAsync("ready");
                Assert.StartsWith("stored", await writer.ReadLineAsync());
            }
        }
    }

    /// <summary>Returns the location, always the same, of a store that nobody has opened yet.</summary>
    protected abstract string EmptyLocation();

    private async Task KillWritersAsync(ConcurrentQueue<int> seeds)
    {
        while (seeds.TryDequeue(out var seed))
        {
            var random = new Random(seed);
            await using var writer = WriterProcess.Start("insert", EngineName, Location, seed);
            await writer.UntilAsync("ready");
            for (var line = random.Next(60); line > 0; line--)
            {
                Note(await writer.ReadLineAsync());
            }

            // Between two lines the writer is inside a write; a busy wait hits it at finer instants than any timer.
            var begun = Stopwatch.GetTimestamp();
            var delay = TimeSpan.FromMicroseconds(random.Next(3_000));
            while (Stopwatch.GetElapsedTime(begun) < delay)
            {
                Thread.SpinWait(10);
            }

            writer.Kill();
            foreach (var line in await writer.ReadToEndAsync())
            {
                Note(line);
            }
        }
    }

    private void Note(string? line) // what, id, token, length, upstream, key
    {
        var parts = line!.Split(' ');
        _acknowledged[TaskId.Parse(parts[1])] = new Acknowledged(
            long.Parse(parts[2], CultureInfo.InvariantCulture),
            parts[0] == "finished",
            int.Parse(parts[3], CultureInfo.InvariantCulture),
            TaskId.Parse(parts[4]),
            parts[5]);
    }

    private async Task AssertWholeAsync(TaskRow row)
    {
        var acknowledged = _acknowledged[row.Id];
        await AssertPayloadAsync(row, row.Spec, acknowledged.Length);
        Assert.Equal([acknowledged.Upstream], (await Engine.ReadEdgesAsync(row.Id, CancellationToken.None)).Upstream);
        if (acknowledged.IsFinished)
        {
            Assert.Equal((TaskPhase.Succeeded, acknowledged.Token), (row.Phase, row.Token));
            await AssertPayloadAsync(row, row.Result!, acknowledged.Length);
        }
        else if (row.Token != acknowledged.Token)
        {
            Assert.Equal(TaskPhase.Succeeded, row.Phase); // its second write landed, and the writer died before it said so
            await AssertPayloadAsync(row, row.Result!, acknowledged.Length);
        }
    }

    private async Task AssertPayloadAsync(TaskRow row, byte[] stored, int length)
    {
        if (!PayloadReference.TryReadInline(stored, out var payload, out var reference))
        {
            payload = await Engine.ReadPartsAsync(row.Id, reference.Token, CancellationToken.None);
            Assert.True(reference.Matches(payload.Span));
        }

        var id = row.Id.ToBytes();
        Assert.Equal(length, payload.Length);
        Assert.True(payload.Span[..Math.Min(length, id.Length)].SequenceEqual(id.AsSpan(0, Math.Min(length, id.Length))));
        Assert.True(length <= id.Length || payload.Span[id.Length..].SequenceEqual(payload.Span[..^id.Length]), "The payload is not the id's bytes over and over.");
    }

    private async Task AssertKeysAreHeldAsync()
    {
        foreach (var some in _acknowledged.Chunk(StoreLimits.Batch))
        {
            TaskInsert[] seconds = [.. some.Select(first => NewTask() with { IdempotencyKey = first.Value.Key })];
            var results = await WriteAllAsync(seconds);
            Assert.Equal(some.Select(first => new TaskWriteResult(TaskWriteStatus.KeyTaken, first.Key)), results);
        }
    }

    private sealed record Acknowledged(long Token, bool IsFinished, int Length, TaskId Upstream, string Key);
}
