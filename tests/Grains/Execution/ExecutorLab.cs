using System.Diagnostics.Metrics;
using System.Threading.Channels;
using FaultTolerance.Grains.Execution;
using FaultTolerance.Grains.Gateways;
using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Scheduling;
using FaultTolerance.Grains.Tasks;
using FaultTolerance.Grains.Telemetry;
using FaultTolerance.Grains.Tests.Nodes;
using FaultTolerance.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orleans.Serialization;
using Orleans.Serialization.Serializers;

namespace FaultTolerance.Grains.Tests.Execution;

/// <summary>The real executor over a store in memory, with a clock that the test moves: start an attempt, see what it posts.</summary>
internal sealed class ExecutorLab : IAsyncDisposable
{
    private static readonly TimeSpan HangLimit = TimeSpan.FromMinutes(1);

    private readonly Channel<PipelineEvent> _posted = Channel.CreateUnbounded<PipelineEvent>();
    private readonly ServiceProvider _services;

    private ExecutorLab(StoreLab store, Action<IServiceCollection> configure)
    {
        var services = new ServiceCollection().AddSerializer().AddMetrics().AddSingleton(Control).AddScoped<ScopedService>();
        configure(services);
        _services = services.BuildServiceProvider();
        Store = store;
        var handlers = new TaskHandlerOptions().Add<LabTasks>().Add<DisposableTasks>().Add<AsyncDisposableTasks>().Add<ScopedTasks>();
        var registry = new HandlerRegistry(
            Options.Create(handlers), _services.GetRequiredService<Serializer>(), _services.GetRequiredService<ICodecProvider>());
        Clock = new AwakeClock(store.Clock, store.Time);
        Instruments = new TaskInstruments(_services.GetRequiredService<IMeterFactory>());
        Executor = new AttemptExecutor(
            _services.GetRequiredService<IServiceScopeFactory>(), registry, new DependencyResults(store.Store, store.Reader, Options.Create(Limits)), new NoClients(), store.Store,
            store.Self, Options.Create(Execution), Options.Create(store.Pipelines), Options.Create(new StoreOptions()), Instruments, store.TaskIncidents(Execution),
            new ProgressCodec(_services.GetRequiredService<Serializer>(), _services.GetRequiredService<ICodecProvider>(), Options.Create(Limits)), Clock, store.Time,
            NullLogger<AttemptExecutor>.Instance);
        Operations = new PipelineOperations(store.Store, store.Codec, store.Reader, registry, store.Self, NullLogger<PipelineOperations>.Instance);
    }

    public LabControl Control { get; } = new();

    public StoreLab Store { get; }

    public AttemptExecutionOptions Execution { get; } = new();

    public TaskLimits Limits { get; } = new();

    /// <summary>Gets the clock of the handlers' silence; the test starts it.</summary>
    public AwakeClock Clock { get; }

    public TaskInstruments Instruments { get; }

    public IMeterFactory Meters => _services.GetRequiredService<IMeterFactory>();

    public AttemptExecutor Executor { get; }

    public PipelineOperations Operations { get; }

    public static async Task<ExecutorLab> OpenAsync(Action<IServiceCollection>? configure = null) =>
        new(await StoreLab.OpenAsync(), configure ?? (_ => { }));

    public async ValueTask DisposeAsync()
    {
        Clock.Dispose();
        await _services.DisposeAsync();
        await Store.DisposeAsync();
    }

    public TaskState Task(string handler, int attempt = 1, TaskRetryPolicy? retry = null, Func<TaskState, TaskState>? with = null)
    {
        var task = new TaskState
        {
            Id = TaskId.New(Store.Time),
            Spec = new TaskSpec { Handler = handler, Retry = retry },
            Phase = TaskPhase.Running,
            Attempt = attempt,
            Owner = Store.Self.Incarnation,
            Created = Store.Store.Now,
            Due = Store.Store.Now,
            Claimed = Store.Store.Now,
        };
        return with is null ? task : with(task);
    }

    /// <summary>Starts an attempt and returns the first that it posts.</summary>
    public async Task<AttemptEnded> RunAsync(TaskState task)
    {
        Start(task);
        return await NextAsync<AttemptEnded>();
    }

    /// <summary>Starts an attempt whose handler waits, and returns when it has been called.</summary>
    public async Task<TaskState> StartedAsync(string handler, Func<TaskState, TaskState>? with = null)
    {
        var task = Task(handler, with: with);
        Start(task);
        await Control.Started.Task.WaitAsync(HangLimit);
        return task;
    }

    public void Stop(TaskState task, StopReason reason) => Executor.Stop(task.Id, task.Attempt, reason);

    public async Task<T> NextAsync<T>()
        where T : PipelineEvent => Assert.IsType<T>(await _posted.Reader.ReadAsync().AsTask().WaitAsync(HangLimit));

    /// <summary>Answers a save as the pipeline does.</summary>
    public void Answer(ProgressReported report, ProgressVerdict verdict = ProgressVerdict.Saved, string? reason = null) =>
        Executor.Answer(new AnswerProgress(report.Task, report.Attempt, [report.Ticket], verdict, reason));

    /// <summary>Whether something was posted that nobody has taken yet.</summary>
    public bool HasPosted => _posted.Reader.TryPeek(out _);

    /// <summary>Whether the token of the handler that waits has fired.</summary>
    public bool IsStopped => Control.Token.IsCancellationRequested;

    private void Start(TaskState task) => Executor.Start(task, happened => _posted.Writer.TryWrite(happened));

    private sealed class NoClients : IChildClients
    {
        public IFaultToleranceClient For(TaskId parent) => null!; // no handler here submits
    }
}
