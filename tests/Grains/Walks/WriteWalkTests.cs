using System.Reflection;
using FaultTolerance.Grains.History;
using FaultTolerance.Grains.Orders;
using FaultTolerance.Grains.Recovery;
using FaultTolerance.Grains.Tests.Nodes;
using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.InMemory;
using FaultTolerance.Testing;

namespace FaultTolerance.Grains.Tests.Walks;

/// <summary>Whatever writes: its first write goes wrong, then its second, and so on until there is none left to hit.</summary>
public sealed class WriteWalkTests
{
    private static readonly Dictionary<string, Func<WriteWalk>> Walks = new()
    {
        ["a node works"] = () => new PipelineWalk(),
        ["a node joins, works and leaves"] = () => new NodeLifeWalk(),
        ["a dead node is declared dead and recovered"] = () => new RecoveryWalk(),
        ["a late claim of a dead node is recovered"] = () => new OrphanWalk(),
        ["a task and its children are cancelled"] = () => new CancellationWalk(),
        ["tasks are past their deadline"] = () => new LimitWalk(),
        ["a lost wake is made up for"] = () => new DependentWalk(),
        ["what is old is purged"] = () => new RetentionWalk(),
        ["a grain saves its state"] = () => new GrainStateWalk(),
        ["a node is ordered into quarantine, to drain, and to leave at once"] = () => new LeaveOrderWalk(),
        ["a node is ordered into quarantine and released"] = () => new ReleaseOrderWalk(),
        ["a node carries out its orders"] = () => new ObedienceWalk(),
        ["a node that fails what others can run is accused"] = () => new AccusationWalk(),
        ["an actor hangs and goes on"] = () => new ActorIncidentWalk(),
        ["a recovery takes too long"] = () => new OverdueWalk(),
        ["a handler of failures is called"] = () => new FollowUpWalk(),
        ["an outage of the store is over"] = () => new OutageWalk(),
        ["attempts run past their limits"] = () => new TaskIncidentWalk(),
        ["a death was suspected before"] = () => new SuspicionWalk(),
        ["a silo starts after the loss of another"] = () => new StaleSilosWalk(),
    };

    public static TheoryData<string, InjectedFault, bool> EveryFaultOfEveryWalk
    {
        get
        {
            var rows = new TheoryData<string, InjectedFault, bool>();
            foreach (var walk in Walks.Keys)
            {
                foreach (var fault in new[] { InjectedFault.Unreachable, InjectedFault.RequestLost, InjectedFault.ReplyLost, InjectedFault.LandsLate })
                {
                    rows.Add(walk, fault, false);
                    rows.Add(walk, fault, true);
                }
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(EveryFaultOfEveryWalk))]
    public async Task Any_write_may_fail_before_it_is_committed_or_after_or_late_and_its_process_may_die_of_it(string what, InjectedFault fault, bool dies)
    {
        var struck = new HashSet<string>();
        for (var nth = 1; ; nth++)
        {
            await using var lab = await StoreLab.OpenAsync();
            var walk = Walks[what]();
            await walk.PrepareAsync(lab);
            var hit = await StrikeAsync(lab, walk, nth, fault, dies);
            walk.IsDead = dies && hit is not null;
            await lab.Time.RunAsync(DoneAsync(walk.FollowAsync(lab)));
            await walk.CheckAsync(lab);
            if (hit is null)
            {
                break;
            }

            struck.Add(hit);
        }

        Assert.Equal(Walks[what]().Writes.Order(), struck.Order());
    }

    [Fact]
    public async Task Every_write_of_the_engine_is_struck_by_a_walk_and_so_is_each_of_every_class()
    {
        Assert.Empty(await FindUnstruckAsync(Walks.Values));
        Assert.Empty(await FindUnstruckWritersAsync(Walks.Values));
    }

    [Fact]
    public async Task A_write_that_no_walk_strikes_is_found()
    {
        var unstruck = await FindUnstruckAsync(Walks.Where(walk => walk.Key != "what is old is purged").Select(walk => walk.Value));

        Assert.Equal([nameof(IStorageEngine.PurgeAsync), nameof(IStorageEngine.PurgeEventsAsync), nameof(IStorageEngine.PurgeNodesAsync)], unstruck.Order());
    }

    [Fact]
    public async Task A_class_that_writes_and_has_no_walk_is_found()
    {
        var unstruck = await FindUnstruckWritersAsync(Walks.Values.Where(walk => !walk().Writers.Contains(typeof(NodeOrders))));

        Assert.Equal((typeof(NodeOrders), nameof(IStorageEngine.CommitStatesAsync)), Assert.Single(unstruck));
    }

    [Fact]
    public async Task A_class_that_writes_incidents_and_has_no_walk_is_found()
    {
        var unstruck = await FindUnstruckWritersAsync(Walks.Values.Where(walk => walk() is not (OverdueWalk or OutageWalk)));

        Assert.Equal(
            [(typeof(RecoveryLimit), nameof(IStorageEngine.UpdateEventAsync)), (typeof(StorageOutageSweeper), nameof(IStorageEngine.AddEventAsync))],
            unstruck.OrderBy(writer => writer.Writer.Name));
    }

    /// <summary>Lets the n-th write go wrong; if the process dies of it, that is the last call of it that reaches the store.</summary>
    /// <returns>The operation that went wrong; null if there was no n-th write.</returns>
    private static async Task<string?> StrikeAsync(StoreLab lab, WriteWalk walk, int nth, InjectedFault fault, bool dies)
    {
        var target = lab.Engine.Writes + nth;
        var isDead = false;
        lab.Engine.Plan = call =>
        {
            var failure = isDead ? InjectedFault.Unusable : call.Write == target ? fault : InjectedFault.None;
            isDead |= dies && call.Write == target;
            return failure;
        };
        try
        {
            await lab.Time.RunAsync(DoneAsync(walk.ActAsync(lab)));
        }
        catch (FaultToleranceException)
        {
            // The caller was told; what comes of it is what is checked.
        }

        lab.Engine.Plan = FaultPlans.Nothing;
        return lab.Engine.Calls.FirstOrDefault(call => call.Write == target).Operation;
    }

    private static async Task<IReadOnlyList<string>> FindUnstruckAsync(IEnumerable<Func<WriteWalk>> walks) =>
        [.. (await WritesOfTheEngineAsync()).Except(walks.SelectMany(walk => walk().Writes))];

    private static async Task<IReadOnlyList<(Type Writer, string Operation)>> FindUnstruckWritersAsync(IEnumerable<Func<WriteWalk>> walks)
    {
        var struck = walks.Select(walk => walk()).SelectMany(walk => walk.Writers.SelectMany(writer => walk.Writes.Select(operation => (writer, operation))));
        return [.. StoreWriters.Find(await WritesOfTheEngineAsync()).Distinct().Except(struck)];
    }

    /// <summary>Calls every method of the engine's interface, and returns those that turn out to be writes.</summary>
    private static async Task<IReadOnlyList<string>> WritesOfTheEngineAsync()
    {
        await using var engine = new FaultyEngine(InMemoryStore.CreateEngine(TimeProvider.System)) { IsReachable = false };
        var methods = typeof(IStorageEngine).GetInterfaces().Append(typeof(IStorageEngine)).SelectMany(type => type.GetMethods());
        foreach (var method in methods.Where(method => method.GetParameters() is [.., { ParameterType: var last }] && last == typeof(CancellationToken)))
        {
            await Record.ExceptionAsync(() => (Task)method.Invoke(engine, [.. method.GetParameters().Select(ValueFor)])!);
        }

        return [.. engine.Calls.Where(call => call.IsWrite).Select(call => call.Operation)];
    }

    private static object? ValueFor(ParameterInfo parameter)
    {
        var type = parameter.ParameterType;
        return type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? Array.CreateInstance(type.GenericTypeArguments[0], 0)
            : type.IsValueType ? Activator.CreateInstance(type)
            : null;
    }

    private static async Task<bool> DoneAsync(Task task)
    {
        await task;
        return true;
    }
}
