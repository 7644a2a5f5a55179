using FaultTolerance.Gateways;
using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Tasks;
using FaultTolerance.Storage;
using FaultTolerance.Testing.Clusters;
using FaultTolerance.Testing.Messages;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace FaultTolerance.Scenarios.Tests.Messages;

/// <summary>What the situation of one row has to work with: a running cluster, its message and what goes wrong with it.</summary>
internal sealed class MessageLab(MessageFixture fixture, string message, MessageFault fault)
{
    private static readonly TimeSpan HangLimit = TimeSpan.FromSeconds(30);

    private readonly List<MessageStrike> _strikes = [];

    public MessageFault Fault => fault;

    public FaultyCluster Cluster => fixture.Cluster;

    public IFaultToleranceClient Client => fixture.Cluster.Client;

    public IClusterClient Orleans => fixture.Cluster.Orleans;

    public HeardEvents Events => fixture.Events;

    /// <summary>Gets a name that no other row has, for what handlers note.</summary>
    public string Name { get; } = $"{message} {fault}";

    /// <summary>Lets the row's fault strike the next message of the row.</summary>
    public MessageStrike Arm(Predicate<MessageCall>? which = null) => Arm(message, fault, which);

    /// <summary>Lets another fault help the row's message to be sent.</summary>
    public MessageStrike Arm(string other, MessageFault with, Predicate<MessageCall>? which = null) => fixture.Messages.Arm(other, with, which);

    /// <summary>Lets the row's situation happen. The fault must have struck, and nothing of the message may be under way any more.</summary>
    public async Task RunAsync(MessageRow row)
    {
        await row.RunAsync(this).WaitAsync(HangLimit, TimeProvider.System);
        Assert.True(_strikes.Count > 0 && _strikes.TrueForAll(strike => strike.Landed.IsCompleted), $"No {fault} has struck {message}, or it has not landed, though {row.Situation}.");
    }

    /// <summary>Arms the row's fault, acts, and waits until the callee is done with all of the message.</summary>
    /// <param name="act">What sends the message.</param>
    /// <param name="successor">What sends another one of its kind, where nothing does by itself.</param>
    /// <param name="which">Which of those messages; any when omitted.</param>
    public Task<T> StrikeAsync<T>(Func<Task<T>> act, Func<Task>? successor = null, Predicate<MessageCall>? which = null) => StrikeAsync(_ => act(), successor, which);

    /// <inheritdoc cref="StrikeAsync{T}(Func{Task{T}}, Func{Task}?, Predicate{MessageCall}?)"/>
    public async Task<T> StrikeAsync<T>(Func<MessageStrike, Task<T>> act, Func<Task>? successor = null, Predicate<MessageCall>? which = null)
    {
        var strike = Arm(which);
        _strikes.Add(strike);
        var answer = await act(strike);
        await strike.Struck;
        if (successor is not null)
        {
            await successor();
        }

        await strike.Landed;
        return answer;
    }

    /// <summary>Returns a node as its silo knows itself.</summary>
    public LocalNode Node(int silo) => Cluster.SiloServices(silo).GetRequiredService<LocalNode>();

    /// <summary>Puts a task into the store behind everybody's back; it counts under a name.</summary>
    public async Task<TaskId> InsertAsync(string name, Func<TaskState, TaskState> with)
    {
        var services = Cluster.SiloServices(0);
        var (store, codec) = (services.GetRequiredService<IDurableStore>(), services.GetRequiredService<TaskRowCodec>());
        var argument = new TaskArgument { Value = services.GetRequiredService<Serializer<string>>().SerializeToArray(name) };
        var spec = new TaskSpec { Handler = "scenario.count", Arguments = [argument] };
        var task = with(new TaskState { Id = TaskId.New(), Spec = spec, Phase = TaskPhase.Queued, Due = store.Now, Created = store.Now, Token = store.NewToken() });
        Assert.True((await store.WriteTaskAsync(codec.Insert(task, [], null))).IsApplied);
        return task.Id;
    }

    /// <summary>Calls as somebody who asks again after no answer.</summary>
    public static async Task<T> AskAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (TimeoutException)
        {
            return await ask();
        }
    }

    /// <summary>Checks that a task ended well after one attempt, which ran once.</summary>
    public async Task RanOnceAsync(TaskId id, string name)
    {
        var history = (await Client.GetHistoryAsync(id))!;
        Assert.Equal((TaskPhase.Succeeded, 1), (history.Task.Phase, history.Attempts.Count));
        Assert.Equal(1, ScenarioTasks.Runs[name]);
    }
}
