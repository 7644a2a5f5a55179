using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Scheduling;
using Microsoft.Extensions.Logging.Abstractions;

namespace FaultTolerance.Testing.Simulation;

/// <summary>Drives one node's real pipeline: turns, effects, and the real operations that answer them, as the driver in a silo does.</summary>
internal sealed class SimulatedDriver
{
    /// <summary>As in a silo: while the store's time stands still, after its clock was put back, a turn is not taken for every tick.</summary>
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(1);

    private readonly SimulatedNode _node;
    private readonly SimulatedCluster _cluster;
    private readonly TaskPipeline _pipeline;
    private readonly PipelineOperations _operations;
    private readonly SimulatedExecutor _executor;
    private readonly Dictionary<long, Action<IReadOnlyList<CallAnswer>?>> _submissions = [];
    private List<PipelineEvent> _inbox = [];
    private bool _isTurnDue;
    private long _lastSubmission;
    private int _armed;

    public SimulatedDriver(SimulatedNode node, SimulatedCluster cluster)
    {
        (_node, _cluster) = (node, cluster);
        var self = new LocalNode(node.Info);
        _operations = new PipelineOperations(
            node.Store, cluster.Services.Codec, node.Reader, cluster.Services.Handlers, self, NullLogger<PipelineOperations>.Instance);
        _pipeline = new TaskPipeline(node.Incarnation, node.Machine, cluster.PipelineOptions, cluster.Random);
        _executor = new SimulatedExecutor(node, cluster);
    }

    public IEnumerable<TaskId> Waiting => _pipeline.Waiting;

    public bool IsIdle => _pipeline.IsIdle;

    public int Running => _pipeline.Running;

    public IReadOnlyList<HandlerTally> Ended => _pipeline.Ended;

    /// <summary>Whether no handler, no attempt, no submission and no call to the store is left here.</summary>
    public bool IsEmpty => _pipeline.IsIdle && _executor.IsEmpty && _submissions.Count == 0;

    public string Describe() => $"{_pipeline.Running} running, {_pipeline.Waiting.Count()} waiting, {_submissions.Count} submissions, handlers left: {!_executor.IsEmpty}";

    public TaskId? FindUnstopped() => _executor.FindUnstopped();

    /// <summary>Handlers that outlast the hand-over are given up on.</summary>
    public void GiveUpRunning() => _executor.GiveUpRunning();

    public void Post(PipelineEvent happened)
    {
        _inbox.Add(happened);
        if (!_isTurnDue)
        {
            _isTurnDue = true;
            _node.After(TimeSpan.FromMicroseconds(_cluster.Random.Next(100)), Turn);
        }
    }

    /// <summary>Takes calls in at this node's gateway. Answers with null when they were refused.</summary>
    public void Submit(IReadOnlyList<NewTask> tasks, Action<IReadOnlyList<CallAnswer>?> answer)
    {
        _submissions[++_lastSubmission] = answer;
        Post(new Submitted(_lastSubmission, tasks));
    }

    /// <summary>The process is gone, and every handler with it.</summary>
    public void Vanish() => _executor.Vanish();

    private void Turn()
    {
        (_isTurnDue, var batch) = (false, _inbox);
        _inbox = [];
        IReadOnlyList<PipelineEffect> effects = [];
        try
        {
            effects = _pipeline.Handle(batch, _node.Now, _node.Monotonic);
        }
        catch (Exception exception)
        {
            _cluster.Invariants.Violate($"The pipeline of {_node.Machine} broke: {exception}");
        }

        foreach (var effect in effects)
        {
            Perform(effect);
            if (_cluster.Network.IsFaulty && _cluster.Random.NextDouble() < _cluster.Options.CrashBetweenEffects)
            {
                _node.Crash();
            }

            if (!_node.IsUp)
            {
                return;
            }
        }

        if (_pipeline.NextDue <= _node.Now || _pipeline.NextWake <= _node.Monotonic)
        {
            _cluster.Invariants.Violate($"The pipeline of {_node.Machine} asks for a tick at a time that has passed: it would spin.");
        }

        _cluster.Invariants.TurnTaken(_node.Incarnation, _executor.FindUnstopped());

        Arm();
    }

    private void Arm()
    {
        var armed = ++_armed;
        if (PipelineContext.Earlier(_pipeline.NextDue - _node.Store.ClockReading, _pipeline.NextWake - _node.Monotonic) is { } wait)
        {
            _node.After(wait > ShortestWait ? wait : ShortestWait, () =>
            {
                if (armed == _armed)
                {
                    Post(new Ticked());
                }
            });
        }
    }

    private void Perform(PipelineEffect effect)
    {
        switch (effect)
        {
            case StartAttempt e:
                _cluster.Trace.Add("starts", _node.Machine, e.Task.Id, e.Task.Attempt);
                _executor.Start(e.Task);
                break;
            case StopAttempt e:
                _cluster.Trace.Add("stops", _node.Machine, e.Task, e.Attempt, (long)e.Reason);
                _executor.Stop(e.Task, e.Attempt, e.Reason);
                break;
            case AnswerSubmission e:
                _submissions.Remove(e.Submission, out var answer);
                answer!(e.Answers);
                break;
            case RefuseSubmission e:
                _submissions.Remove(e.Submission, out var refuse);
                refuse!(null);
                break;
            case AnswerProgress e:
                _cluster.Trace.Add("answers a save", _node.Machine, e.Task, e.Attempt, (long)e.Verdict);
                _executor.Answer(e);
                break;
            case AnnounceEnd e:
                _cluster.Trace.Add("announces", _node.Machine, e.Task.Id, e.Task.Attempt, (long)e.Task.Phase);
                break;
            case HintPeers:
                _cluster.HintPeersOf(_node);
                break;
            case ReportRequeued e:
                _cluster.Trace.Add("is queued again", _node.Machine, e.Task.Id, e.Task.Attempt);
                break;
            case ReportLostRace e:
                _cluster.Trace.Add("lost a race", _node.Machine, e.Before.Id, e.Before.Attempt, (long)e.After.Phase);
                break;
            default:
                Call(effect);
                break;
        }
    }

    private void Call(PipelineEffect effect)
    {
        _cluster.Network.Call(
            _node,
            isPipelines: true,
            () =>
            {
                PipelineEvent? answer = null;
                SimulatedStore.Done(_operations.PerformAsync(effect, happened => answer = happened, CancellationToken.None));
                _cluster.TraceCall(_node, effect, answer!);
                return answer!;
            },
            Post,
            failure => Post(new OperationFailed(SimulatedCluster.OperationOf(effect), failure)));
    }
}
