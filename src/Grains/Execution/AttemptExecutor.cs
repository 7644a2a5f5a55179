using System.Collections.Concurrent;
using FaultTolerance.Gateways;
using FaultTolerance.Grains.History;
using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Scheduling;
using FaultTolerance.Grains.Tasks;
using FaultTolerance.Grains.Telemetry;
using FaultTolerance.Payloads;
using FaultTolerance.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FaultTolerance.Grains.Execution;

/// <summary>Calls handlers. The only place where user code starts.</summary>
internal sealed partial class AttemptExecutor(
    IServiceScopeFactory scopes,
    HandlerRegistry handlers,
    DependencyResults dependencies,
    IChildClients clients,
    IDurableStore store,
    LocalNode node,
    IOptions<AttemptExecutionOptions> options,
    IOptions<TaskPipelineOptions> pipelineOptions,
    IOptions<StoreOptions> storeOptions,
    TaskInstruments instruments,
    TaskIncidents incidents,
    ProgressCodec progress,
    AwakeClock clock,
    TimeProvider timeProvider,
    ILogger<AttemptExecutor> logger)
{
    private readonly ConcurrentDictionary<(TaskId, int), Attempt> _attempts = new();
    private readonly AttemptEndings _endings = new(node.Incarnation, node.Name);
    private readonly ProgressTickets _tickets = new();

    /// <summary>Starts an attempt; its end is posted, and if the handler had to be given up on, the return of its slot too.</summary>
    public void Start(TaskState task, Action<PipelineEvent> post)
    {
        var attempt = new Attempt(
            task,
            task.Spec.AttemptTimeout ?? options.Value.AttemptTimeout,
            task.Deadline - store.Now,
            options.Value.Grace,
            GiveUp,
            post,
            clock,
            timeProvider);
        _attempts[(task.Id, task.Attempt)] = attempt;
        Task.Run(() => RunAsync(attempt), CancellationToken.None).Ignore();
    }

    /// <summary>Fires the token of an attempt; nothing happens when it has ended.</summary>
    public void Stop(TaskId id, int attempt, StopReason reason)
    {
        if (_attempts.TryGetValue((id, attempt), out var found))
        {
            LogStopped(id, attempt, reason);
            found.Stop(reason);
        }
    }

    /// <summary>Tells handlers what became of the progress that they saved.</summary>
    public void Answer(AnswerProgress answer)
    {
        if (answer.Verdict == ProgressVerdict.Saved)
        {
            instruments.OnProgressSaved();
        }
        else
        {
            LogProgressRefused(answer.Task, answer.Attempt, answer.Verdict, answer.Reason);
        }

        _tickets.Answer(answer.Tickets, answer.Verdict, answer.Reason);
    }

    /// <summary>The pipeline has stopped: no progress is saved any more, and nobody waits for it.</summary>
    public void RefuseProgress() => _tickets.Close();

    /// <summary>Runs an attempt to its end, and tells it whatever happens: a slot whose end is never told is lost for good.</summary>
    private async Task RunAsync(Attempt attempt)
    {
        AttemptEnded ended;
        try
        {
            using var activity = TaskInstruments.StartAttempt(attempt.Task);
            ended = await InvokeAsync(attempt);
            TaskInstruments.EndAttempt(activity, ended.End);
        }
        catch (Exception exception)
        {
            ended = new AttemptEnded(attempt.Task.Id, _endings.Failed(attempt, FailureKind.UserException,
                $"How the attempt ended cannot be told: {exception.GetType()}: {FailureDescription.MessageOf(exception)}"));
        }

        _attempts.TryRemove((attempt.Task.Id, attempt.Task.Attempt), out _);
        if (attempt.TryReport(ended))
        {
            TellOverdue(attempt);
        }
        else
        {
            attempt.Post(new SlotFreed(attempt.Task.Id, attempt.Task.Attempt));
            LogEndedAtLast(attempt.Task.Id, attempt.Task.Attempt);
        }

        attempt.Dispose();
    }

    private void TellOverdue(Attempt attempt)
    {
        switch (attempt)
        {
            case { Expired: FailureKind.Timeout, StartedAt: { } started }:
                incidents.OnTimeout(attempt.Task, started, attempt.Timeout);
                break;
            case { Expired: FailureKind.HeartbeatTimeout, StartedAt: { } started }:
                incidents.OnSilence(attempt.Task, started, attempt.Silence, attempt.Heartbeats!.Limit);
                break;
        }
    }

    private void GiveUp(Attempt attempt)
    {
        if (attempt.TryReport(new AttemptEnded(attempt.Task.Id, _endings.Stopped(attempt, store.Now), KeepsSlot: true)))
        {
            LogGivenUp(attempt.Task.Id, attempt.Task.Attempt, options.Value.Grace);
            incidents.OnHung(attempt.Task, attempt.StartedAt ?? store.Now, options.Value.Grace);
        }
    }

    private async Task<AttemptEnded> InvokeAsync(Attempt attempt)
    {
        var task = attempt.Task;
        if (!handlers.TryGet(task.Spec.Handler, task.Spec.Version, out var handler))
        {
            return new AttemptEnded(task.Id, _endings.Failed(attempt, FailureKind.InvalidCall,
                $"Node {node.Name} has no handler {task.Spec.HandlerKey}; it has {string.Join(", ", handlers.Keys)}."));
        }

        if (StartLimit.Find(task, store.Now) is { } limit)
        {
            return new AttemptEnded(task.Id, _endings.Failed(attempt, limit));
        }

        HandlerInstance? instance = null;
        try
        {
            var arguments = await ReadArgumentsAsync(attempt, handler);
            instruments.OnAttemptStarted();
            attempt.StartedAt = store.Now;
            attempt.Heartbeats?.Start();
            instance = await HandlerInstance.CreateAsync(scopes, handler.HandlerType);
            var elements = await handler.Result.ReadAsync(handler.Call(instance.Value, arguments));
            return Returned(attempt, PayloadFrame.Join(elements));
        }
        catch (Exception exception)
        {
            return new AttemptEnded(task.Id, Threw(attempt, FailureDescription.Unwrap(exception), handler, instance?.Value));
        }
        finally
        {
            await DisposeAsync(attempt, instance);
        }
    }

    private AttemptEvent Threw(Attempt attempt, Exception exception, HandlerDescriptor handler, object? instance)
    {
        return exception switch
        {
            DependencyFailedException failed => _endings.Failed(attempt, failed.Failure),
            InvalidArgumentException invalid => _endings.Failed(attempt, invalid),
            _ => _endings.Threw(
                attempt, exception, Retried(attempt.Task.Spec.Retry, handler), instance, pipelineOptions.Value.RepeatDelay, store.Now),
        };
    }

    // The call's list, or the handler's, or the cluster's. An empty one says nothing: calls carry one whenever they set anything else of the policy.
    private IReadOnlyList<string> Retried(TaskRetryPolicy? ofCall, HandlerDescriptor handler) =>
        ofCall?.RetryOn is { Count: > 0 } own ? own
        : handler.RetryOn.Count > 0 ? handler.RetryOn
        : pipelineOptions.Value.Retry.RetryOn ?? [];

    private async ValueTask DisposeAsync(Attempt attempt, HandlerInstance? instance)
    {
        try
        {
            if (instance is not null)
            {
                await instance.DisposeAsync();
            }
        }
        catch (Exception exception)
        {
            LogNotDisposed(exception, attempt.Task.Id, attempt.Task.Attempt, attempt.Task.Spec.HandlerKey);
        }
    }

    private async ValueTask<object?[]> ReadArgumentsAsync(Attempt attempt, HandlerDescriptor handler)
    {
        var given = attempt.Task.Spec.Arguments;
        var sources = given.Any(argument => argument.Kind != ArgumentKind.Value)
            ? await dependencies.ReadAsync(given.SelectMany(argument => argument.Sources), attempt.Token)
            : null;
        var arguments = new object?[handler.Parameters.Count];
        var next = 0;
        for (var i = 0; i < arguments.Length; i++)
        {
            var parameter = handler.Parameters[i];
            arguments[i] = parameter.Type == typeof(CancellationToken) ? attempt.Token
                : parameter.Type == typeof(TaskContext) ? ContextOf(attempt)
                : ArgumentReading.Read(parameter, given, next++, sources);
        }

        return arguments;
    }

    private TaskContext ContextOf(Attempt attempt) => new()
    {
        TaskId = attempt.Task.Id,
        Attempt = attempt.Task.Attempt,
        Node = node.Name,
        FencingToken = attempt.Task.Attempt,
        Progress = new AttemptProgress(attempt, progress, _tickets),
        Client = new LendingClient(clients.For(attempt.Task.Id), new SlotLoan(attempt.Task.Id, attempt.Task.Attempt, attempt.Post)),
    };

    private AttemptEnded Returned(Attempt attempt, byte[] result)
    {
        if (result.Length <= storeOptions.Value.MaxPayload)
        {
            var end = _endings.Returned(attempt, store.Now);
            return new AttemptEnded(attempt.Task.Id, end, end is AttemptSucceeded ? result : null);
        }

        return new AttemptEnded(attempt.Task.Id, _endings.Failed(attempt, FailureKind.InvalidResult,
            $"The result takes {result.Length:N0} bytes; at most {storeOptions.Value.MaxPayload:N0} are allowed (StoreOptions.MaxPayload). Return a smaller value, for instance a path."));
    }
}
