using System.Buffers.Binary;
using FaultTolerance.Grains.Tasks;

namespace FaultTolerance.Testing.Simulation;

/// <summary>Makes the tasks of a run, in groups whose later stages need the results of earlier ones.</summary>
internal sealed class SimulatedWorkload(Random random, DateTimeOffset start)
{
    public const string Handler = "simulated.work";

    private int _lastTask;

    public Dictionary<TaskId, TaskScript> Scripts { get; } = [];

    /// <summary>Returns one group: its stages, each to be submitted when the one before is accepted.</summary>
    public IReadOnlyList<IReadOnlyList<TaskScript>> MakeGroup()
    {
        switch (random.Next(5))
        {
            case 0:
                return [Stage(random.Next(1, 8), [])];
            case 1:
                var chain = new List<IReadOnlyList<TaskScript>> { Stage(1, []) };
                for (var length = random.Next(1, 6); length > 0; length--)
                {
                    chain.Add(Stage(1, chain[^1]));
                }

                return chain;
            case 2:
                var top = Stage(1, []);
                var sides = Stage(2, top);
                return [top, sides, Stage(1, sides)];
            case 3:
                var leaves = Stage(random.Next(2, 20), []);
                return [leaves, Stage(1, leaves)];
            default:
                return [Stage(1, [])];
        }
    }

    /// <summary>Returns a task that needs nothing and takes a time.</summary>
    public TaskScript MakeProbe(TimeSpan duration)
    {
        var script = new TaskScript { Id = NextId(), Spec = new TaskSpec { Handler = Handler }, Duration = duration };
        Scripts.Add(script.Id, script);
        return script;
    }

    private List<TaskScript> Stage(int count, IReadOnlyList<TaskScript> needs) =>
        [.. Enumerable.Range(0, count).Select(_ => Make([.. needs.Select(needed => needed.Id)]))];

    private TaskScript Make(IReadOnlyList<TaskId> needs)
    {
        var script = new TaskScript
        {
            Id = NextId(),
            Needs = needs,
            Spec = new TaskSpec
            {
                Handler = Handler,
                Retry = random.Next(8) == 0 ? new TaskRetryPolicy { MaxAttempts = random.Next(1, 3) } : null,
                PendingTimeout = random.Next(15) == 0 ? TimeSpan.FromMilliseconds(random.Next(10_000)) : null,
                AttemptTimeout = random.Next(10) == 0 ? TimeSpan.FromMilliseconds(random.Next(50, 1_000)) : null,
            },
            StartAfter = random.Next(10) == 0 ? TimeSpan.FromMilliseconds(random.Next(5_000)) : TimeSpan.Zero,
            Deadline = random.Next(15) == 0 ? TimeSpan.FromMilliseconds(random.Next(10_000)) : null,
            Duration = TimeSpan.FromMilliseconds(random.Next(20) == 0 ? random.Next(10_000) : random.Next(1, 400)),
            Throws = random.Next(6) == 0 ? random.Next(1, 6) : 0,
            IgnoresToken = random.Next(6) == 0 ? TimeSpan.FromMilliseconds(random.Next(8_000)) : null,
            SavesEvery = random.Next(3) == 0 ? TimeSpan.FromMilliseconds(random.Next(5, 200)) : null,
            CancelAfter = random.Next(15) == 0 ? TimeSpan.FromMilliseconds(random.Next(2_000)) : null,
        };
        Scripts.Add(script.Id, script);
        return script;
    }

    private TaskId NextId()
    {
        var bytes = new byte[TaskId.ByteLength];
        BinaryPrimitives.WriteInt64BigEndian(bytes, start.ToUnixTimeMilliseconds() << 16);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(12), ++_lastTask);
        return TaskId.FromBytes(bytes);
    }
}
