using System.Collections.Concurrent;
using System.Threading.Channels;
using FaultTolerance.Grains.Execution;
using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Telemetry;
using FaultTolerance.Storage;
using FaultTolerance.Storage.Engines;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FaultTolerance.Grains.Scheduling;

/// <summary>Drives this silo's <see cref="TaskPipeline"/>: feeds it events one at a time, carries out its effects, and brings back the answers.</summary>
internal sealed partial class TaskPipelineDriver : ILifecycleParticipant<ISiloLifecycle>, IAsyncDisposable
{
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    private readonly Channel<PipelineEvent> _events = Channel.CreateUnbounded<PipelineEvent>(new() { SingleReader = true });
    private readonly ConcurrentDictionary<long, TaskCompletionSource<IReadOnlyList<CallAnswer>>> _submissions = new();
    private readonly ConcurrentQueue<TaskCompletionSource<PipelineSnapshot>> _inspections = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskPipeline _pipeline;
    private readonly PipelineOperations _operations;
    private readonly AttemptExecutor _executor;
    private readonly PipelineAnnouncements _announcements;
    private readonly TaskInstruments _instruments;
    private readonly IDurableStore _store;
    private readonly MonotonicClock _clock;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private readonly Action<PipelineEvent> _post;
    private (DateTimeOffset? Due, TimeSpan? Wake) _armed;
    private long _lastSubmission;
    private Task _loop = Task.CompletedTask;

    public TaskPipelineDriver(
        LocalNode node,
        IDurableStore store,
        PipelineOperations operations,
        AttemptExecutor executor,
        PipelineAnnouncements announcements,
        TaskInstruments instruments,
        MonotonicClock clock,
        IOptions<TaskPipelineOptions> options,
        TimeProvider timeProvider,
        ILogger<TaskPipelineDriver> logger)
    {
        (_store, _operations, _executor, _announcements, _instruments, _logger) = (store, operations, executor, announcements, instruments, logger);
        _clock = clock;
        _pipeline = new TaskPipeline(node.Incarnation, node.Name, options.Value, NewRandom());
        _post = Post;
        _timer = timeProvider.CreateTimer(_ => Tick(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Starts handling events before the silo's services want it, and stops after them.</summary>
    public void Participate(ISiloLifecycle observer) => observer.Subscribe(
        nameof(TaskPipelineDriver),
        ServiceLifecycleStage.RuntimeServices - 1,
        _ =>
        {
            _loop = LoopAsync();
            return Task.CompletedTask;
        },
        _ => DisposeAsync().AsTask());

    /// <summary>Hands an event to the pipeline; after its end nobody takes it any more.</summary>
    public void Post(PipelineEvent happened) => _events.Writer.TryWrite(happened);

    /// <summary>Inserts new tasks; on return they are durable.</summary>
    /// <returns>What became of each, in order; one that cannot be stored does not hurt the others.</returns>
    /// <exception cref="SubmitRejectedException">The node or the store is busy; the same call may succeed later.</exception>
    public Task<IReadOnlyList<CallAnswer>> SubmitAsync(IReadOnlyList<NewTask> tasks)
    {
        var id = Interlocked.Increment(ref _lastSubmission);
        var answer = new TaskCompletionSource<IReadOnlyList<CallAnswer>>(TaskCreationOptions.RunContinuationsAsynchronously);
        _submissions[id] = answer;
        if (!_events.Writer.TryWrite(new Submitted(id, tasks)))
        {
            Take(id)?.TrySetException(Refusal(Stopped()));
        }

        return answer.Task;
    }

    /// <summary>Returns what the pipeline holds, after a turn of its loop.</summary>
    public Task<PipelineSnapshot> InspectAsync()
    {
        var answer = new TaskCompletionSource<PipelineSnapshot>(TaskCreationOptions.RunContinuationsAsynchronously);
        _inspections.Enqueue(answer);
        Post(new Ticked());
        return answer.Task;
    }

    public async ValueTask DisposeAsync()
    {
        _events.Writer.TryComplete();
        await _stop.CancelAsync();
        await _loop;
        await _timer.DisposeAsync();
        RefuseAll();
    }

    // The tokens of writes must never repeat, in no life of any node: only a seed as large as the generator's state is good enough.
    private static Random NewRandom() => new();

    private static OperationCanceledException Stopped() => new("The node's pipeline has stopped.");

    private async Task LoopAsync()
    {
        await Task.Yield();
        var batch = new List<PipelineEvent>();
        while (await _events.Reader.WaitToReadAsync())
        {
            batch.Clear();
            while (_events.Reader.TryRead(out var happened))
            {
                batch.Add(happened);
            }

            try
            {
                foreach (var effect in _pipeline.Handle(batch, _store.Now, _clock.Now))
                {
                    Perform(effect);
                }
            }
            catch (Exception exception)
            {
                // The machine is a pure function: this is a defect. Its state cannot be trusted any more. It takes no turn again, which
                // the node's agent sees: its lease will end.
                LogPipelineStopped(exception);
                _events.Writer.TryComplete();
                RefuseAll();
                return;
            }

            AnswerInspections();
            Arm(_pipeline.NextDue, _pipeline.NextWake);
        }
    }

    private void Perform(PipelineEffect effect)
    {
        switch (effect)
        {
            case StartAttempt e:
                _executor.Start(e.Task, _post);
                break;
            case StopAttempt e:
                _executor.Stop(e.Task, e.Attempt, e.Reason);
                break;
            case AnswerSubmission e:
                _instruments.OnAccepted(e.Answers.Count(answer => answer.IsAccepted));
                Take(e.Submission)?.TrySetResult(e.Answers);
                break;
            case RefuseSubmission e:
                _instruments.OnRefused();
                Take(e.Submission)?.TrySetException(Refusal(e.Error));
                break;
            case AnswerProgress e:
                _executor.Answer(e);
                break;
            case AnnounceEnd e:
                _instruments.OnTaskEnded(e.Task);
                _announcements.Tell(e, _post);
                break;
            case HintPeers:
                _announcements.HintPeers();
                break;
            case ReportRequeued e:
                _instruments.OnTaskRequeued(e.Task);
                break;
            case ReportLostRace e:
                _instruments.OnOutcomeLate();
                LogRaceLost(e.Before.Id, e.Before.Attempt, e.After.Phase);
                break;
            default:
                _operations.PerformAsync(effect, _post, _stop.Token).Ignore();
                break;
        }
    }

    private TaskCompletionSource<IReadOnlyList<CallAnswer>>? Take(long submission) =>
        _submissions.TryRemove(submission, out var answer) ? answer : null;

    private void RefuseAll()
    {
        _executor.RefuseProgress();
        foreach (var id in _submissions.Keys)
        {
            Take(id)?.TrySetException(Refusal(Stopped()));
        }
    }

    private static SubmitRejectedException Refusal(Exception? error) => error switch
    {
        SubmitRejectedException rejected => rejected,
        StoreException { Fault: StoreFault.Data } => CallAnswer.RejectionOf(error),
        _ => new SubmitRejectedException(SubmitRejection.Busy, error is null
            ? "The node is accepting as many tasks as it may (TaskPipelineOptions.MaxAccepting). Try again, or on another node."
            : $"The store did not take the tasks: {error.Message} Whether it has them is not known; the same call may be repeated.", error)
        { IsRetryable = true },
    };

    private void AnswerInspections()
    {
        if (_inspections.IsEmpty)
        {
            return;
        }

        var snapshot = new PipelineSnapshot(_pipeline.Running, [.. _pipeline.Waiting], _pipeline.IsIdle, _pipeline.Hung, _pipeline.Ended);
        while (_inspections.TryDequeue(out var answer))
        {
            answer.TrySetResult(snapshot);
        }
    }

    private void Arm(DateTimeOffset? due, TimeSpan? wake)
    {
        if ((due, wake) == _armed)
        {
            return;
        }

        _armed = (due, wake);
        var delay = PipelineContext.Earlier(due - _store.ClockReading, wake - _clock.Now) ?? LongestWait;
        var bounded = delay < ShortestWait ? ShortestWait : delay > LongestWait ? LongestWait : delay;
        _timer.Change(bounded, Timeout.InfiniteTimeSpan);
    }

    private void Tick()
    {
        _armed = default;
        Post(new Ticked());
    }
}
