using System.Diagnostics.Metrics;
using System.Threading.Channels;
using FaultTolerance.Gateways;
using FaultTolerance.Payloads;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Orleans.Serialization;

namespace FaultTolerance.Client.Tests.Clusters;

/// <summary>A cluster in memory whose every answer the test gives, and a client of it. Chance is fixed, so every time is exact.</summary>
internal sealed class FakeCluster : IAsyncDisposable
{
    private static readonly ServiceProvider Services = new ServiceCollection().AddMetrics().AddSerializer().BuildServiceProvider();

    private readonly Channel<GatewayCall<IReadOnlyList<TaskCall>, IReadOnlyList<SubmitReply>>> _submits = NewChannel<GatewayCall<IReadOnlyList<TaskCall>, IReadOnlyList<SubmitReply>>>();
    private readonly Channel<GatewayCall<IReadOnlyList<TaskId>, IReadOnlyList<TaskOutcome>>> _questions = NewChannel<GatewayCall<IReadOnlyList<TaskId>, IReadOnlyList<TaskOutcome>>>();
    private readonly Channel<GatewayCall<TaskId, TaskOutcome?>> _results = NewChannel<GatewayCall<TaskId, TaskOutcome?>>();
    private readonly Channel<GatewayCall<TimeSpan, bool>> _listens = NewChannel<GatewayCall<TimeSpan, bool>>();
    private readonly Channel<GatewayCall<string, object?>> _taskCalls = NewChannel<GatewayCall<string, object?>>();

    private FakeCluster(FaultToleranceClientOptions options, ISubmitJournal? journal)
    {
        Options = options;
        Core = new ClientCore(
            new FakeGrainFactory(this), Serializer, Clock, Microsoft.Extensions.Options.Options.Create(options),
            NullLogger<FaultToleranceClient>.Instance, new ClientInstruments(Services.GetRequiredService<IMeterFactory>()), () => 0.5, journal);
        Client = new FaultToleranceClient(Core);
    }

    public static Serializer Serializer { get; } = Services.GetRequiredService<Serializer>();

    public TestClock Clock { get; } = new();

    public IncidentTable Incidents { get; } = new();

    public FaultToleranceClientOptions Options { get; }

    public ClientCore Core { get; }

    public FaultToleranceClient Client { get; }

    /// <summary>Gets or sets a value indicating whether renewals of the session are answered without the test.</summary>
    public bool AnswersListening { get; set; } = true;

    /// <summary>Gets the client's end of its session, once it listens.</summary>
    public IOutcomeListener? Listener { get; private set; }

    public static FakeCluster Start(Action<FaultToleranceClientOptions>? configure = null, ISubmitJournal? journal = null)
    {
        var options = new FaultToleranceClientOptions();
        configure?.Invoke(options);
        return new FakeCluster(options, journal);
    }

    public Task<GatewayCall<IReadOnlyList<TaskCall>, IReadOnlyList<SubmitReply>>> NextSubmitAsync() => NextAsync(_submits, "submit");

    public Task<GatewayCall<IReadOnlyList<TaskId>, IReadOnlyList<TaskOutcome>>> NextQuestionAsync() => NextAsync(_questions, "question for outcomes");

    public Task<GatewayCall<TaskId, TaskOutcome?>> NextResultAsync() => NextAsync(_results, "question for a result");

    public Task<GatewayCall<TimeSpan, bool>> NextListenAsync() => NextAsync(_listens, "renewal of the session");

    public Task<GatewayCall<string, object?>> NextTaskCallAsync() => NextAsync(_taskCalls, "call of a task grain");

    public bool HasSubmit => _submits.Reader.Count > 0;

    public bool HasQuestion => _questions.Reader.Count > 0;

    /// <summary>Submits, and lets the cluster accept.</summary>
    public async Task<ObjectRef<T>> AcceptedAsync<T>(Func<IFaultToleranceClient, Task<ObjectRef<T>>> submit)
    {
        var submitted = submit(Client);
        (await NextSubmitAsync()).Accept();
        return await Hang.Limit(submitted, "a submit that was accepted");
    }

    /// <summary>Tells the client outcomes, as its session's mailbox does.</summary>
    public Task TellAsync(params TaskOutcome[] outcomes) => Listener!.OnOutcomesAsync(outcomes);

    public static TaskOutcome Succeeded<T>(TaskId id, T value) =>
        new() { Id = id, Phase = TaskPhase.Succeeded, Result = PayloadFrame.Join(Serializer.SerializeToArray(value)) };

    public static TaskOutcome Failed(TaskId id, string message = "disk on fire") => new()
    {
        Id = id,
        Phase = TaskPhase.Failed,
        Failure = new TaskFailure { Kind = FailureKind.UserException, Message = message, TaskId = id, Attempt = 1, Node = "n1", ExceptionType = "System.IO.IOException" },
    };

    public ValueTask DisposeAsync() => Core.DisposeAsync();

    private static Channel<T> NewChannel<T>() => Channel.CreateUnbounded<T>();

    private static Task<T> NextAsync<T>(Channel<T> channel, string what) => Hang.Limit(channel.Reader.ReadAsync().AsTask(), $"no {what} came");

    private Task<TReply> Arrive<TRequest, TReply>(Channel<GatewayCall<TRequest, TReply>> channel, long key, TRequest request)
    {
        var call = new GatewayCall<TRequest, TReply>(key, request, Clock.Now);
        channel.Writer.TryWrite(call);
        return call.Reply;
    }

    /// <summary>One gateway.</summary>
    internal sealed class Gateway(FakeCluster cluster, long key) : ITaskGatewayGrain
    {
        public Task<IReadOnlyList<SubmitReply>> SubmitAsync(Immutable<IReadOnlyList<TaskCall>> calls) => cluster.Arrive(cluster._submits, key, calls.Value);

        public Task<IReadOnlyList<TaskOutcome>> GetOutcomesAsync(IReadOnlyList<TaskId> ids) => cluster.Arrive(cluster._questions, key, ids);

        public Task<TaskOutcome?> GetResultAsync(TaskId id) => cluster.Arrive(cluster._results, key, id);
    }

    /// <summary>The session's mailbox.</summary>
    internal sealed class Mailbox(FakeCluster cluster) : ISessionGrain
    {
        public Task ListenAsync(IOutcomeListener listener, TimeSpan period)
        {
            cluster.Listener = listener;
            var reply = cluster.Arrive(cluster._listens, 0, period);
            return cluster.AnswersListening ? Task.CompletedTask : reply;
        }

        public Task<bool> TellAsync(IReadOnlyList<TaskOutcome> outcomes) => throw new NotSupportedException("Silos tell, clients listen.");
    }

    /// <summary>One task's address.</summary>
    internal sealed class TaskAddress(FakeCluster cluster, Guid id) : ITaskGrain
    {
        public Task<TaskSnapshot?> GetSnapshotAsync() => AskAsync<TaskSnapshot>("snapshot");

        public Task<TaskHistory?> GetHistoryAsync() => AskAsync<TaskHistory>("history");

        public Task<TaskLineage?> GetLineageAsync() => AskAsync<TaskLineage>("lineage");

        public Task<TaskSnapshot?> CancelAsync(string? reason = null) => AskAsync<TaskSnapshot>($"cancel because {reason}");

        private async Task<T?> AskAsync<T>(string what)
            where T : class => (T?)await cluster.Arrive(cluster._taskCalls, 0, $"{what} of {new TaskId(id)}");
    }
}
