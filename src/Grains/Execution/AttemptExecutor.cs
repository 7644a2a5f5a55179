using System.Collections.Concurrent;
using FaultTolerance.Gateways;
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
    TimeProvider timeProvider,
    ILogger<AttemptExecutor> logger)
{
    private readonly ConcurrentDictionary<(TaskId, int), Attempt> _attempts = new();

    /// <summary>Starts an attempt; its end is posted, and if the handler had to be given up on, the return of its slot too.</summary>
    public void Start(TaskState task, Action<PipelineEvent> post)
    {
        var attempt = new Attempt(
            task,
            task.Spec.AttemptTimeout ?? options.Value.AttemptTimeout,
            task.Deadline - store.Now,
            options.Value.Grace,
            attempt => GiveUp(attempt, post),
            timeProvider);
        _attempts[(task.Id, task.Attempt)] = attempt;
        Task.Run(() => RunAsync(attempt, post), CancellationToken.None).Ignore();
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

    private async Task RunAsync(Attempt attempt, Action<PipelineEvent> post)
    {
        using var activity = TaskInstruments.StartAttempt(attempt.Task);
        var ended = await InvokeAsync(attempt);
        TaskInstruments.EndAttempt(activity, ended.End);
        _attempts.TryRemove((attempt.Task.Id, attempt.Task.Attempt), out _);
        if (attempt.TryReport())
        {
            post(ended);
        }
        else
        {
            LogEndedAtLast(attempt.Task.Id, attempt.Task.Attempt);
            post(new SlotFreed(attempt.Task.Id, attempt.Task.Attempt));
        }

        attempt.Dispose();
    }

    private void GiveUp(Attempt attempt, Action<PipelineEvent> post)
    {
        if (attempt.TryReport())
        {
            LogGivenUp(attempt.Task.Id, attempt.Task.Attempt, options.Value.Grace);
            post(new AttemptEnded(attempt.Task.Id, StoppedEnd(attempt), KeepsSlot: true));
        }
    }

    private async Task<AttemptEnded> InvokeAsync(Attempt attempt)
    {
        var (task, spec) = (attempt.Task, attempt.Task.Spec);
        object? instance = null;
        HandlerDescriptor? handler = null;
        try
        {
            if (!handlers.TryGet(spec.Handler, spec.Version, out handler))
            {
                return Failed(attempt, FailureKind.InvalidCall, $"Node {node.Name} has no handler {spec.HandlerKey}; it has {string.Join(", ", handlers.Keys)}.");
            }

            if (task.Deadline <= store.Now)
            {
                return Failed(attempt, FailureKind.DeadlineExceeded, $"The task had to end by {task.Deadline:O}.");
            }

            if (task.Life.Attempts.Count == 0 && task.Claimed - task.Due > spec.PendingTimeout)
            {
                return Failed(attempt, FailureKind.PendingTimeout, $"The task was to start within {spec.PendingTimeout} and did not.");
            }

            var arguments = await ReadArgumentsAsync(attempt, handler);
            await using var scope = scopes.CreateAsyncScope();
            instruments.OnAttemptStarted();
            attempt.StartedAt = store.Now;
            instance = ActivatorUtilities.GetServiceOrCreateInstance(scope.ServiceProvider, handler.HandlerType);
            var elements = await handler.Result.ReadAsync(handler.Call(instance, arguments));
            return Succeeded(attempt, PayloadFrame.Join(elements));
        }
        catch (DependencyFailedException exception)
        {
            return Failed(attempt, exception.Failure with { Node = node.Name });
        }
        catch (InvalidArgumentException exception)
        {
            return Failed(attempt, FailureDescription.Of(exception, FailureKind.InvalidCall, node.Name));
        }
        catch (Exception exception)
        {
            return Threw(attempt, FailureDescription.Unwrap(exception), handler, instance);
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
        Client = clients.For(attempt.Task.Id),
    };

    private AttemptEnded Succeeded(Attempt attempt, byte[] result)
    {
        if (attempt.Expired is not null)
        {
            return new AttemptEnded(attempt.Task.Id, StoppedEnd(attempt));
        }

        if (result.Length > storeOptions.Value.MaxPayload)
        {
            return Failed(attempt, FailureKind.InvalidResult,
                $"The result takes {result.Length:N0} bytes; at most {storeOptions.Value.MaxPayload:N0} are allowed (StoreOptions.MaxPayload). Return a smaller value, for instance a path.");
        }

        var end = new AttemptSucceeded(attempt.Task.Attempt, node.Incarnation, node.Name, attempt.StartedAt ?? store.Now);
        return new AttemptEnded(attempt.Task.Id, end, result);
    }

    private AttemptEnded Threw(Attempt attempt, Exception exception, HandlerDescriptor? handler, object? instance)
    {
        if (attempt.Token.IsCancellationRequested && exception is OperationCanceledException)
        {
            return new AttemptEnded(attempt.Task.Id, StoppedEnd(attempt));
        }

        if (attempt.StartedAt is null && exception is Storage.Engines.StoreException { IsRetryable: true })
        {
            // The store could not be read before the handler was called: the attempt costs the task nothing.
            return new AttemptEnded(attempt.Task.Id, new AttemptReleased(attempt.Task.Attempt, node.Incarnation, node.Name, null));
        }

        var retryOn = (attempt.Task.Spec.Retry ?? pipelineOptions.Value.Retry).RetryOn.Concat(handler?.RetryOn ?? []);
        var mayRetry = FailureDescription.MayRetry(exception, attempt.Task.Attempt, retryOn, instance);
        var failure = FailureDescription.Of(exception, FailureKind.UserException, node.Name);
        var delay = (exception as RetryAfterException)?.Delay;
        return new AttemptEnded(attempt.Task.Id, End(attempt, failure, mayRetry, delay));
    }

    private AttemptEvent StoppedEnd(Attempt attempt) => attempt switch
    {
        { Expired: FailureKind.DeadlineExceeded } => End(attempt, FailureOf(FailureKind.DeadlineExceeded, $"The task had to end by {attempt.Task.Deadline:O}."), false),
        { Expired: FailureKind.Timeout } => End(attempt, FailureOf(FailureKind.Timeout,
            $"The attempt ran for {(store.Now - (attempt.StartedAt ?? attempt.Task.Claimed ?? store.Now)).TotalSeconds:F1} s; its limit is {attempt.Timeout.TotalSeconds:F1} s."), true),
        { Stopped: StopReason.LeaseLost } => End(attempt, FailureOf(FailureKind.NodeLost, $"Node {node.Name} lost its lease during the attempt."), true),
        { Stopped: StopReason.Drained } => new AttemptReleased(attempt.Task.Attempt, node.Incarnation, node.Name, attempt.StartedAt),
        _ => End(attempt, FailureOf(FailureKind.Cancelled, "The attempt was stopped."), false),
    };

    private AttemptEnded Failed(Attempt attempt, FailureKind kind, string message) => Failed(attempt, FailureOf(kind, message));

    private AttemptEnded Failed(Attempt attempt, TaskFailure failure) => new(attempt.Task.Id, End(attempt, failure, false));

    private AttemptFailed End(Attempt attempt, TaskFailure failure, bool mayRetry, TimeSpan? retryAfter = null) =>
        new(attempt.Task.Attempt, node.Incarnation, node.Name, attempt.StartedAt, failure, mayRetry, retryAfter);

    private TaskFailure FailureOf(FailureKind kind, string message) => new() { Kind = kind, Message = message, Node = node.Name };
}
