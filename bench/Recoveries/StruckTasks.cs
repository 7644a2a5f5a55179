using FaultTolerance.Bench.Clusters;
using FaultTolerance.Bench.Handlers;
using FaultTolerance.Grains.Nodes;

namespace FaultTolerance.Bench.Recoveries;

/// <summary>Silos of the very host that users deploy, with a profile, whose attempts are under way when they are struck.</summary>
internal sealed class StruckTasks : IStruckCluster
{
    private readonly TaskCluster _cluster;
    private readonly int _attempts;
    private readonly Gate _gate = new(TimeProvider.System);

    private StruckTasks(TaskCluster cluster, NodeProfile profile, StoreKind store, int attempts)
    {
        (_cluster, _attempts) = (cluster, attempts);
        Title = $"`{profile}` on {store.Title()}";
    }

    public string Title { get; }

    /// <summary>Starts the silos, each with slots for the attempts of all: what is measured is the way back, not a queue.</summary>
    public static async Task<StruckTasks> StartAsync(
        StorePlace place, NodeProfile profile, StoreKind store, RecoveryBenchOptions options, string folder, CancellationToken cancellationToken)
    {
        var settings = new Dictionary<string, string>
        {
            ["Nodes:Profile"] = profile.ToString(),
            ["Tasks:Slots"] = Figure(RecoveryBenchOptions.Silos * options.Attempts * 2),
        };
        return new StruckTasks(
            await TaskCluster.StartAsync(place, RecoveryBenchOptions.Silos, folder, settings, cancellationToken), profile, store, options.Attempts);
    }

    public async Task<StrikeTimes> StrikeAsync(int number, Fault fault, CancellationToken cancellationToken)
    {
        var silos = _cluster.Silos;
        var victim = silos.Slots[number % silos.Slots.Count].Name;
        var struck = await LoadAsync(victim, cancellationToken);
        var position = silos.Events.Position;

        var struckAt = TimeProvider.System.GetUtcNow();
        silos.Strike(victim, fault);
        var dead = silos.Events.WaitForAsync(told => told.Name == "dead" && told.Text("node") == victim, position, cancellationToken);
        var again = await FollowAsync(struck.Keys, victim, cancellationToken);
        var times = new StrikeTimes((await dead).At - struckAt, again[0].At - struckAt, again[^1].At - struckAt);

        await silos.Events.WaitForAsync(told => told.Name == "recovered" && told.Text("node") == victim, position, cancellationToken);
        var ranOn = await silos.WakeAsync(victim, fault, cancellationToken);
        await silos.StartAgainAsync(victim, cancellationToken);
        await LetThroughAsync(again, struck, cancellationToken);
        return times with { RanOn = ranOn };
    }

    public string LogTails() => _cluster.Silos.LogTails();

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        await _gate.DisposeAsync();
    }

    /// <summary>Submits visits until the victim has enough under way, and has the others end.</summary>
    private async Task<Dictionary<TaskId, ObjectRef<int>>> LoadAsync(string victim, CancellationToken cancellationToken)
    {
        var struck = new Dictionary<TaskId, ObjectRef<int>>();
        while (struck.Count < _attempts)
        {
            var ports = Enumerable.Repeat(_gate.Port, _attempts);
            var tasks = await _cluster.Client.SubmitManyAsync((BenchTasks t, int port) => t.Visit(port, default!, default), ports, cancellationToken: cancellationToken);
            var references = tasks.ToDictionary(task => task.TaskId);
            var elsewhere = new List<Visitor>();
            for (var count = 0; count < _attempts; count++)
            {
                var visitor = await _gate.NextAsync(cancellationToken);
                if (visitor.Node == victim)
                {
                    struck.Add(visitor.Task, references[visitor.Task]);
                }
                else
                {
                    elsewhere.Add(visitor);
                }
            }

            await LetThroughAsync(elsewhere, references, cancellationToken);
        }

        return struck;
    }

    /// <summary>Waits until all attempts run elsewhere, and returns them in the order in which they began to.</summary>
    private async Task<List<Visitor>> FollowAsync(IEnumerable<TaskId> struck, string victim, CancellationToken cancellationToken)
    {
        var missing = struck.ToHashSet();
        var again = new List<Visitor>();
        while (missing.Count > 0)
        {
            var visitor = await _gate.NextAsync(cancellationToken);
            if (visitor.Node != victim && missing.Remove(visitor.Task))
            {
                again.Add(visitor);
            }
        }

        return again;
    }

    private async Task LetThroughAsync(List<Visitor> visitors, Dictionary<TaskId, ObjectRef<int>> tasks, CancellationToken cancellationToken)
    {
        foreach (var visitor in visitors)
        {
            await visitor.LetThroughAsync();
        }

        foreach (var visitor in visitors)
        {
            if (await _cluster.Client.GetAsync(tasks[visitor.Task], cancellationToken: cancellationToken) != visitor.Attempt)
            {
                throw new BenchException($"Task {visitor.Task}: attempt {visitor.Attempt} was let through, and another has given the result.");
            }

            visitor.Dispose();
        }
    }

    private static string Figure(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
