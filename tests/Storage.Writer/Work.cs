using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.Tasks;

namespace FaultTolerance.Storage.Writer;

/// <summary>What the process does to the store.</summary>
internal static class Work
{
    /// <summary>Stores batches of tasks, finishes some of them, and prints each row once it is acknowledged.</summary>
    public static async Task InsertForEverAsync(IStorageEngine engine, int seed)
    {
        var random = new Random(seed);
        await engine.InitializeAsync(CancellationToken.None);
        Say("ready");
        while (true)
        {
            TaskInsert[] inserts = [.. Enumerable.Range(0, random.Next(1, 40)).Select(_ => Insert(random)).OrderBy(insert => insert.Id)];
            await engine.CommitTasksAsync(inserts, CancellationToken.None);
            Array.ForEach(inserts, insert => Say($"stored {insert.Id} {insert.Token}"));

            TaskUpdate[] updates = [.. inserts.Where(_ => random.Next(2) == 0).Select(insert => Finish(insert.Row, random))];
            await engine.CommitTasksAsync(updates, CancellationToken.None);
            Array.ForEach(updates, update => Say($"finished {update.Id} {update.Token}"));
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

    private static TaskInsert Insert(Random random)
    {
        var id = TaskId.New();
        return new TaskInsert(new TaskRow
        {
            Id = id,
            Phase = TaskPhase.Running,
            Attempt = 1,
            Owner = new NodeIncarnation(1),
            Token = random.NextInt64(),
            Handler = "test.run@1",
            Spec = [0, .. Enumerable.Repeat(id.ToBytes(), random.Next(1, 100)).SelectMany(bytes => bytes)],
        })
        {
            DependsOn = [id],
        };
    }

    private static TaskUpdate Finish(TaskRow row, Random random) => Change(row, random) with
    {
        Phase = TaskPhase.Succeeded,
        Owner = NodeIncarnation.None,
        Result = [0, .. row.Id.ToBytes()],
        Finished = DateTimeOffset.UnixEpoch,
    };

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
