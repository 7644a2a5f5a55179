using System.Collections;
using System.Diagnostics;
using System.Linq.Expressions;
using FaultTolerance.Calls;
using FaultTolerance.Gateways;
using FaultTolerance.Outcomes;
using FaultTolerance.Submits;

namespace FaultTolerance;

/// <inheritdoc/>
internal sealed class FaultToleranceClient(ClientCore core, TaskId? parent = null) : IFaultToleranceClient
{
    public SessionId Session => core.Session;

    /// <summary>Returns a client whose submits are children of a task; it shares the session and everything else.</summary>
    public FaultToleranceClient ForChildrenOf(TaskId task) => new(core, task);

    public async Task<TaskId> SubmitCallAsync(LambdaExpression call, SubmitOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(call);
        cancellationToken.ThrowIfCancellationRequested();
        CheckOptions(options);
        var (plan, arguments, size) = core.Reader.Read(call);
        using var activity = ClientTraces.StartSubmit(plan);
        var submit = new SingleSubmit(
            NewCall(Header(plan, options), arguments, options?.Id), size, core.Clock.Now + core.Options.SubmitTimeout, options?.Id is not null);
        return await core.SubmitAsync(submit, cancellationToken);
    }

    public async Task<IReadOnlyList<TaskId>> SubmitCallsAsync(
        LambdaExpression call, IEnumerable items, SubmitOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(items);
        CheckOptions(options);
        if (options is { Id: not null } or { IdempotencyKey: not null })
        {
            throw new SubmitRejectedException(
                SubmitRejection.InvalidOptions, "Id and IdempotencyKey name one call; where many are submitted at once they must be left out.");
        }

        var calls = core.Reader.ReadMany(call, (items as ICollection)?.Count);
        using var activity = ClientTraces.StartSubmit(calls.Plan);
        var header = Header(calls.Plan, options);
        return await core.Many.RunAsync(
            calls.Read(items).Select(read => new Submit(NewCall(header, read.Arguments, null), read.Size, default, hasChosenId: false)), cancellationToken);
    }

    public async Task<T> GetAsync<T>(ObjectRef<T> reference, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        ThrowIfEmpty(reference);
        core.ThrowIfStopped();
        var entry = core.Outcomes.Await(reference.TaskId, out var ended);
        var isConsumed = false;
        try
        {
            if (!ended.IsCompleted)
            {
                core.Seek();
            }

            var outcome = await WithinAsync(ended, reference.TaskId, timeout, cancellationToken);
            isConsumed = true;
            return await OutcomeReader.ReadAsync(core, reference, outcome, cancellationToken);
        }
        finally
        {
            core.Outcomes.Leave(entry, isConsumed);
        }
    }

    public async Task<WaitResult> WaitAsync(
        IEnumerable<IObjectRef> references, int count, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(references);
        var all = references.ToArray();
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, all.Length);
        Array.ForEach(all, ThrowIfEmpty);
        core.ThrowIfStopped();
        using var wait = new OutcomeWait(core, all, count);
        return await wait.RunAsync(timeout, cancellationToken);
    }

    public Task<TaskSnapshot?> CancelAsync(TaskId id, string? reason = null, CancellationToken cancellationToken = default) =>
        CallAsync($"The cancel of task {id}", id, task => task.CancelAsync(reason), cancellationToken);

    public Task<TaskSnapshot?> GetSnapshotAsync(TaskId id, CancellationToken cancellationToken = default) =>
        CallAsync($"The snapshot of task {id}", id, task => task.GetSnapshotAsync(), cancellationToken);

    public Task<TaskHistory?> GetHistoryAsync(TaskId id, CancellationToken cancellationToken = default) =>
        CallAsync($"The history of task {id}", id, task => task.GetHistoryAsync(), cancellationToken);

    public Task<TaskLineage?> GetLineageAsync(TaskId id, CancellationToken cancellationToken = default) =>
        CallAsync($"The lineage of task {id}", id, task => task.GetLineageAsync(), cancellationToken);

    private static void CheckOptions(SubmitOptions? options)
    {
        if (options?.Id == default(TaskId))
        {
            throw new SubmitRejectedException(SubmitRejection.InvalidOptions, "Id is the empty id. Make one by TaskId.New(), or leave it null.");
        }
    }

    private static void ThrowIfEmpty(IObjectRef reference)
    {
        if (reference.TaskId == default)
        {
            throw new ArgumentException("The reference is empty: it came from no submit.", nameof(reference));
        }
    }

    private async Task<TaskOutcome> WithinAsync(Task<TaskOutcome> ended, TaskId id, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        try
        {
            return await ended.WaitAsync(timeout ?? Timeout.InfiniteTimeSpan, core.Clock.Provider, cancellationToken);
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException($"Task {id} has not ended within {timeout?.TotalSeconds:0.###} s. It goes on.", exception);
        }
    }

    private Task<T> CallAsync<T>(string what, TaskId id, Func<ITaskGrain, Task<T>> call, CancellationToken cancellationToken) =>
        core.Calls.RepeatAsync(what, core.Options.CallTimeout, () => call(core.Calls.Grains.GetGrain<ITaskGrain>(id.Value)), cancellationToken);

    private TaskCall NewCall(CallHeader header, IReadOnlyList<TaskArgument> arguments, TaskId? id) =>
        new() { Id = id ?? TaskId.New(core.Clock.Provider), Header = header, Arguments = arguments };

    private CallHeader Header(CallPlan plan, SubmitOptions? options)
    {
        var activity = Activity.Current;
        var asked = options?.Id is null ? options : options with { Id = null };
        return plan.Header(
            core.Session,
            asked is null || asked == SubmitOptions.Default ? null : asked,
            parent,
            activity is { IdFormat: ActivityIdFormat.W3C } ? activity.Id : null);
    }
}
