using System.Collections.Concurrent;

namespace FaultTolerance.Scenarios.Tests;

/// <summary>The handlers that the scenarios run. What a handler did is noted under a name that each scenario makes for itself.</summary>
public sealed class ScenarioTasks : IRetryFilter
{
    public static ConcurrentDictionary<string, int> Runs { get; } = new();

    public static ConcurrentDictionary<string, TaskCompletionSource> Gates { get; } = new();

    public static ConcurrentDictionary<string, TaskCompletionSource<TaskContext>> Started { get; } = new();

    public static TaskCompletionSource Gate(string name) => Gates.GetOrAdd(name, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));

    public static Task<TaskContext> StartOf(string name) => Signal(name).Task;

    /// <summary>Ends when the named handler has seen its token fire.</summary>
    public static Task Cancelled(string name) => CancelSignal(name).Task;

    public bool ShouldRetry(Exception exception, int attempt) => exception is FilteredException;

    [TaskHandler("scenario.add")]
    public int Add(int a, int b) => a + b;

    [TaskHandler("scenario.sum")]
    public Task<int> Sum(int[] values) => Task.FromResult(values.Sum());

    [TaskHandler("scenario.sum-list")]
    public ValueTask<int> SumList(IReadOnlyList<int> values) => ValueTask.FromResult(values.Sum());

    [TaskHandler("scenario.count")]
    public int Count(string name) => Runs.AddOrUpdate(name, 1, (_, count) => count + 1);

    [TaskHandler("scenario.count-after")]
    public int CountAfter(string name, int before) => Count(name);

    [TaskHandler("scenario.nothing")]
    public Task Nothing() => Task.CompletedTask;

    [TaskHandler("scenario.divide")]
    public Task<(int Quotient, int Remainder)> Divide(int a, int b) => Task.FromResult((a / b, a % b));

    [TaskHandler("scenario.text")]
    public string Text(string text) => text;

    [TaskHandler("scenario.big")]
    public byte[] Big(int length) => [.. Enumerable.Range(0, length).Select(i => (byte)(i * 31))];

    [TaskHandler("scenario.length")]
    public int Length(byte[] bytes) => bytes.Length;

    [TaskHandler("scenario.fail")]
    public Task<int> Fail(string message) => throw new ScenarioException(message, new InvalidOperationException("inner cause"));

    [TaskHandler("scenario.fail-to-text")]
    public string FailToText(string message) => throw new ScenarioException(message);

    [TaskHandler("scenario.fail-until", RetryOn = [typeof(ScenarioException)])]
    public int FailUntil(int attempt, TaskContext context, string kind) => context.Attempt >= attempt
        ? context.Attempt
        : throw kind switch
        {
            "derived" => new DerivedScenarioException(kind),
            "other" => new NotSupportedException(kind),
            "filtered" => new FilteredException(kind),
            "never" => new DoNotRetryException(kind),
            "later" => new RetryAfterException(TimeSpan.FromMilliseconds(30), kind),
            _ => new ScenarioException(kind),
        };

    [TaskHandler("scenario.wait")]
    public async Task<string> Wait(string name, TaskContext context, CancellationToken cancellationToken)
    {
        Signal(name).TrySetResult(context);
        await Gate(name).Task.WaitAsync(cancellationToken).ContinueWith(wait => NoteCancel(name, wait), TaskScheduler.Default).Unwrap();
        return name;
    }

    /// <summary>Waits under a name of its own for each attempt, and returns the number of the one that was let through.</summary>
    [TaskHandler("scenario.wait-each")]
    public async Task<int> WaitEach(string name, TaskContext context, CancellationToken cancellationToken)
    {
        await Wait($"{name}/{context.Attempt}", context, cancellationToken);
        return context.Attempt;
    }

    [TaskHandler("scenario.parent")]
    public async Task<int> Parent(string name, bool detached, TaskContext context, CancellationToken cancellationToken)
    {
        await context.Client.SubmitAsync((ScenarioTasks t) => t.Wait($"{name}/child", default!, default), new SubmitOptions { Detached = detached }, cancellationToken);
        Signal(name).TrySetResult(context);
        await Gate(name).Task.WaitAsync(cancellationToken).ContinueWith(wait => NoteCancel(name, wait), TaskScheduler.Default).Unwrap();
        return 0;
    }

    /// <summary>Submits one child that takes its retry policy from the cluster, and one that brings its own.</summary>
    [TaskHandler("scenario.failing-children")]
    public async Task<TaskId[]> FailingChildren(TaskRetryPolicy own, TaskContext context, CancellationToken cancellationToken)
    {
        var inheriting = await context.Client.SubmitAsync((ScenarioTasks t) => t.FailUntil(99, default!, "listed"), cancellationToken: cancellationToken);
        var deciding = await context.Client.SubmitAsync((ScenarioTasks t) => t.FailUntil(99, default!, "listed"), new SubmitOptions { Retry = own }, cancellationToken);
        return [inheriting.TaskId, deciding.TaskId];
    }

    [TaskHandler("scenario.grandparent")]
    public async Task<int> Grandparent(string name, TaskContext context, CancellationToken cancellationToken)
    {
        await context.Client.SubmitAsync((ScenarioTasks t) => t.Parent($"{name}/parent", false, default!, default), cancellationToken: cancellationToken);
        Signal(name).TrySetResult(context);
        await Gate(name).Task.WaitAsync(cancellationToken);
        return 0;
    }

    /// <summary>Submits a child that waits for the result of a task that nobody cancels.</summary>
    [TaskHandler("scenario.parent-of-waiting")]
    public async Task<int> ParentOfWaiting(string name, Guid blocker, TaskContext context, CancellationToken cancellationToken)
    {
        var reference = new ObjectRef<string>(new TaskId(blocker));
        await context.Client.SubmitAsync((ScenarioTasks t) => t.Text(reference.Result), cancellationToken: cancellationToken);
        Signal(name).TrySetResult(context);
        await Gate(name).Task.WaitAsync(cancellationToken);
        return 0;
    }

    [TaskHandler("scenario.depth")]
    public async Task<int> Depth(int further, TaskContext context, CancellationToken cancellationToken)
    {
        if (further == 0)
        {
            return 1;
        }

        var child = await context.Client.SubmitAsync((ScenarioTasks t) => t.Depth(further - 1, default!, default), cancellationToken: cancellationToken);
        return 1 + await context.Client.GetAsync(child, cancellationToken: cancellationToken);
    }

    [TaskHandler("scenario.width")]
    public async Task<int> Width(int children, TaskContext context, CancellationToken cancellationToken)
    {
        var counted = await context.Client.SubmitManyAsync((ScenarioTasks t, int number) => t.Add(number, 1), Enumerable.Range(0, children), cancellationToken: cancellationToken);
        var sums = await Task.WhenAll(counted.Select(child => context.Client.GetAsync(child, cancellationToken: cancellationToken)));
        return sums.Sum();
    }

    private static Task NoteCancel(string name, Task wait)
    {
        if (wait.IsCanceled)
        {
            CancelSignal(name).TrySetResult();
        }

        return wait;
    }

    private static TaskCompletionSource CancelSignal(string name) => Gate($"cancelled {name}");

    private static TaskCompletionSource<TaskContext> Signal(string name) =>
        Started.GetOrAdd(name, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
}
