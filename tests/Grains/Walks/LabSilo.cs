using FaultTolerance.Grains.Execution;
using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Scheduling;
using FaultTolerance.Grains.Tasks;
using FaultTolerance.Grains.Tests.Execution;
using FaultTolerance.Grains.Tests.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orleans.Serialization;
using Orleans.Serialization.Serializers;

namespace FaultTolerance.Grains.Tests.Walks;

/// <summary>A silo's pipeline over the real store, driven step by step until it has nothing left to do. Its handlers save progress, and succeed when they are told that it is durable.</summary>
internal sealed class LabSilo
{
    /// <summary>A handler that the silo has, and never calls: its attempts save progress and succeed.</summary>
    public const string Handler = "lab.add-one";

    /// <summary>The most turns of a run; each may pass a second. A row that came unknown is found within a minute.</summary>
    private const int MostTurns = 200;

    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);

    private static readonly ServiceProvider Services = new ServiceCollection().AddSerializer().BuildServiceProvider();

    private readonly StoreLab _lab;
    private readonly LocalNode _node;
    private readonly Action<TaskState> _started;
    private readonly Action<TaskId, byte[]> _saved;
    private readonly TaskPipeline _pipeline;
    private readonly PipelineOperations _operations;
    private readonly List<PipelineEvent> _inbox = [new LeaseChanged(true)];
    private bool _isAccepted;
    private long _lastTicket;

    /// <param name="lab">The store.</param>
    /// <param name="life">Which life of which node.</param>
    /// <param name="started">Hears of each attempt that is started.</param>
    /// <param name="saved">Hears of progress that is said to be durable.</param>
    public LabSilo(StoreLab lab, int life, Action<TaskState> started, Action<TaskId, byte[]> saved)
    {
        (_lab, _node, _started, _saved) = (lab, new LocalNode(NodeFacts.Info(life)), started, saved);
        _pipeline = new TaskPipeline(_node.Incarnation, _node.Name, lab.Pipelines, new Random(life));
        var handlers = new HandlerRegistry(
            Options.Create(new TaskHandlerOptions().Add<LabTasks>()), Services.GetRequiredService<Serializer>(), Services.GetRequiredService<ICodecProvider>());
        _operations = new PipelineOperations(lab.Store, lab.Codec, lab.Reader, handlers, _node, NullLogger<PipelineOperations>.Instance);
    }

    /// <summary>Submits a call.</summary>
    /// <returns>Whether it was said to be accepted.</returns>
    public async Task<bool> SubmitAsync(NewTask call)
    {
        _isAccepted = false;
        _inbox.Add(new Submitted(1, [call with { State = call.State with { Token = _lab.Store.NewToken() } }])); // as at a gateway
        await TurnAsync();
        return _isAccepted;
    }

    /// <summary>Works until every task in the store has ended.</summary>
    public async Task RunAsync()
    {
        for (var turn = 0; turn < MostTurns; turn++)
        {
            await TurnAsync();
            if (_inbox.Count == 0 && _pipeline.IsIdle && await HaveAllEndedAsync())
            {
                return;
            }

            if (_inbox.Count == 0)
            {
                var wait = PipelineContext.Earlier(_pipeline.NextDue - _lab.Store.Now, _pipeline.NextWake - _lab.Clock.Now);
                _lab.Time.Advance(wait < Step ? wait.Value : Step);
                _inbox.Add(new Ticked());
            }
        }
    }

    private async Task<bool> HaveAllEndedAsync() => (await _lab.TasksAsync()).All(task => task.Phase.IsFinal());

    private async Task TurnAsync()
    {
        PipelineEvent[] happened = [.. _inbox];
        _inbox.Clear();
        foreach (var effect in _pipeline.Handle(happened, _lab.Store.Now, _lab.Clock.Now).ToList())
        {
            await PerformAsync(effect);
        }
    }

    private async Task PerformAsync(PipelineEffect effect)
    {
        switch (effect)
        {
            case StartAttempt e:
                _started(e.Task);
                _inbox.Add(new ProgressReported(e.Task.Id, e.Task.Attempt, ++_lastTicket, [(byte)e.Task.Attempt], "byte"));
                break;
            case AnswerProgress { Verdict: ProgressVerdict.Saved } e:
                _saved(e.Task, [(byte)e.Attempt]);
                _inbox.Add(new AttemptEnded(e.Task, new AttemptSucceeded(e.Attempt, _node.Incarnation, _node.Name, _lab.Store.Now), [1]));
                break;
            case AnswerSubmission:
                _isAccepted = true;
                break;
            case StopAttempt or RefuseSubmission or AnnounceEnd or HintPeers or ReportRequeued or ReportLostRace:
                break;
            default:
                await _operations.PerformAsync(effect, _inbox.Add, CancellationToken.None);
                if (effect is InsertTasks)
                {
                    await TurnAsync(); // its answer is the client's answer
                }

                break;
        }
    }
}
