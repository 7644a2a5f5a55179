using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.Tasks;

namespace FaultTolerance.Storage.Writer;

/// <summary>What the process does to the store.</summary>
internal static class Work
{
    private const int InlineLimit = 64 * 1024;

    /// <summary>Stores batches of tasks, finishes some of them, and prints each row once it is acknowledged.</summary>
    /// <remarks>
    /// <c>stored</c> or <c>finished</c>, the id, the token, the length of the payload (the id's bytes, over and over, as specification and as
    /// result), what the task needs, and its idempotency key.
    /// </remarks>
    public static async Task InsertForEverAsync(IStorageEngine engine, int seed)
    {
        var random = new Random(seed);
        await engine.InitializeAsync(CancellationToken.None);
        Say("ready");
        while (true)
        {
            TaskId[] ids = [.. Enumerable.Range(0, random.Next(1, 40)).Select(_ => TaskId.New()).Order()];
            int[] lengths = Array.ConvertAll(ids, _ => random.Next(8) == 0 ? random.Next(InlineLimit, 5 * InlineLimit) : random.Next(16, 1_600));
            TaskInsert[] inserts = [.. ids.Select((id, number) => Insert(id, lengths[number], ids[Math.Max(0, number - 1)], random))];
            await engine.CommitTasksAsync(inserts, CancellationToken.None);
            Report("stored", inserts, inserts, lengths);

            int[] finished = [.. Enumerable.Range(0, ids.Length).Where(_ => random.Next(2) == 0)];
            TaskUpdate[] updates = Array.ConvertAll(finished, number => Finish(inserts[number].Row, lengths[number], random));
            await engine.CommitTasksAsync(updates, CancellationToken.None);
            Report("finished", updates, Array.ConvertAll(finished, number => inserts[number]), Array.ConvertAll(finished, number => lengths[number]));
        }
    }

    /// <summary>Raises a row's attempt by one, again and again, each time on the condition that nobody else has.</summary>
    public static async Task RaceAsync(IStorageEngine engine, string id, int rounds)
    {
        await engine.InitializeAsync(CancellationToken.None);
        Say("ready");
        var random = new Random(Environment.ProcessId);
        for (var won = 0; won < rounds;)
        {
            var row = (await engine.ReadAsync([TaskId.Parse(id)], CancellationToken.None))[0];
            var update = Change(row, random) with { Attempt = row.Attempt + 1, IfToken = row.Token };
            won += (await engine.CommitTasksAsync([update], CancellationToken.None))[0].IsApplied ? 1 : 0;
        }

        Say("done");
    }

    private static void Report(string what, TaskWrite[] writes, TaskInsert[] inserts, int[] lengths)
    {
        for (var number = 0; number < writes.Length; number++)
        {
            var insert = inserts[number];
            Say($"{what} {insert.Id} {writes[number].Token} {lengths[number]} {insert.DependsOn[0]} {insert.IdempotencyKey}");
        }
    }

    private static TaskInsert Insert(TaskId id, int length, TaskId upstream, Random random)
    {
        var token = random.NextInt64();
        var (spec, parts) = PayloadReference.Store(Payload(id, length), token, InlineLimit);
        return new TaskInsert(new TaskRow
        {
            Id = id,
            Phase = TaskPhase.Running,
            Attempt = 1,
            Owner = new NodeIncarnation(1),
            Token = token,
            Handler = "test.run@1",
            Spec = spec,
        })
        {
            DependsOn = [upstream],
            IdempotencyKey = $"key-{id}",
            Parts = parts,
        };
    }

    private static TaskUpdate Finish(TaskRow row, int length, Random random)
    {
        var update = Change(row, random);
        var (result, parts) = PayloadReference.Store(Payload(row.Id, length), update.Token, InlineLimit);
        return update with
        {
            Phase = TaskPhase.Succeeded,
            Owner = NodeIncarnation.None,
            Result = result,
            Parts = parts,
            Finished = DateTimeOffset.UnixEpoch,
        };
    }

    private static byte[] Payload(TaskId id, int length)
    {
        var (bytes, payload) = (id.ToBytes(), new byte[length]);
        for (var position = 0; position < length; position++)
        {
            payload[position] = bytes[position % bytes.Length];
        }

        return payload;
    }

    private static TaskUpdate Change(TaskRow row, Random random) => new(row.Id, random.NextInt64())
    {
        IfPhase = row.Phase,
        IfAttempt = row.Attempt,
        IfOwner = row.Owner,
        Phase = row.Phase,
        Attempt = row.Attempt,
        Owner = row.Owner,
        Due = row.Due,
        Life = row.Life,
    };

    private static void Say(string line) => Console.Out.WriteLine(line);
}
