using FaultTolerance.Testing.Checking;
using FaultTolerance.Testing.Journals;
using SteadyLoad;

namespace FaultTolerance.Cli.Chaos;

/// <summary>A steady stream of tasks: chains, retries and fan-ins whose results are known beforehand.</summary>
internal sealed class ChaosLoad(IFaultToleranceClient client, ClientJournal journal, TimeProvider timeProvider)
{
    private const int Streams = 12;
    private const int ShortestMilliseconds = 50;
    private const int LongestMilliseconds = 600;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>A task may be struck by many faults; that is no reason to give it up.</summary>
    private static readonly TaskRetryPolicy Retry = new()
    {
        MaxCrashRetries = TaskRetryPolicy.Unlimited,
        MaxNodeLossRetries = TaskRetryPolicy.Unlimited,
        RetryOn = [typeof(InvalidOperationException).FullName!],
        DelayBase = TimeSpan.FromMilliseconds(100),
        MaxDelay = TimeSpan.FromSeconds(2),
    };

    private readonly DeniedResults _denied = new();
    private long _wrong;

    /// <summary>Gets how many results were not what they had to be, or could not be had for a reason that no task tells. Denied results come on top.</summary>
    public long Wrong => Interlocked.Read(ref _wrong);

    /// <summary>Submits until it is told to stop, and then waits for what is under way.</summary>
    /// <param name="stop">Ends the stream.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task RunAsync(CancellationToken stop, CancellationToken cancellationToken) =>
        Task.WhenAll(Enumerable.Range(0, Streams).Select(stream => RunAsync(stream, stop, cancellationToken)));

    /// <summary>Has one task done, to see that the cluster knows the load's handlers.</summary>
    /// <exception cref="SubmitRejectedException">It does not.</exception>
    public async Task TryAsync(CancellationToken cancellationToken)
    {
        var task = await SubmitAsync(options => client.SubmitAsync((LoadTasks t) => t.Work(0, 0, default), options, cancellationToken), cancellationToken);
        await JudgeAsync(() => Task.FromResult(task), right: 1, cancellationToken);
    }

    private async Task RunAsync(int stream, CancellationToken stop, CancellationToken cancellationToken)
    {
        var chance = new Random(stream);
        for (var number = stream; !stop.IsCancellationRequested; number += Streams)
        {
            await JudgeAsync(() => SubmitOneAsync(number, chance, cancellationToken), (2 * number) + 4, cancellationToken);
        }
    }

    /// <summary>Returns which results were denied although the checker finds nothing of the reason in the rows.</summary>
    public IReadOnlyList<string> FindDenied(InvariantsReport report) => _denied.FindWrong(report);

    /// <summary>Counts what is wrong at once. Of a result that was denied only the rows can tell, at the end.</summary>
    private async Task JudgeAsync(Func<Task<ObjectRef<int>>> submit, int right, CancellationToken cancellationToken)
    {
        try
        {
            if (await TryGetAsync(await submit(), cancellationToken) is not { } result)
            {
                await Task.Delay(Pause, timeProvider, cancellationToken);
            }
            else if (result != right)
            {
                Interlocked.Increment(ref _wrong);
            }
        }
        catch (FaultToleranceException)
        {
            Interlocked.Increment(ref _wrong); // a call that was refused, a result that cannot be read: the rows show nothing of it
            await Task.Delay(Pause, timeProvider, cancellationToken);
        }
    }

    private async Task<ObjectRef<int>> SubmitOneAsync(int number, Random chance, CancellationToken cancellationToken)
    {
        var (first, second, third) = (Milliseconds(chance), Milliseconds(chance), Milliseconds(chance));
        var start = await SubmitAsync(options => client.SubmitAsync((LoadTasks t) => t.Work(number, first, default), options, cancellationToken), cancellationToken);
        var middle = await SubmitAsync(options => client.SubmitAsync((LoadTasks t) => t.Work(start.Result, second, default), options, cancellationToken), cancellationToken);
        var flaky = await SubmitAsync(options => client.SubmitAsync((LoadTasks t) => t.Flaky(middle.Result, default!), options, cancellationToken), cancellationToken);
        var beside = await SubmitAsync(options => client.SubmitAsync((LoadTasks t) => t.Work(number, third, default), options, cancellationToken), cancellationToken);
        var both = new[] { flaky, beside };
        return await SubmitAsync(options => client.SubmitAsync((LoadTasks t) => t.Sum(both.Results()), options, cancellationToken), cancellationToken);
    }

    /// <summary>Submits under an id of our own until it is known to be accepted: a repeat changes nothing.</summary>
    private Task<ObjectRef<T>> SubmitAsync<T>(Func<SubmitOptions, Task<ObjectRef<T>>> submit, CancellationToken cancellationToken)
    {
        var options = new SubmitOptions { Id = TaskId.New(), Retry = Retry };
        return RepeatAsync(() => submit(options), cancellationToken);
    }

    /// <summary>Waits for a task's result; null, and noted, where there is said to be none: the checker does not ask the cluster.</summary>
    private async Task<int?> TryGetAsync(ObjectRef<int> task, CancellationToken cancellationToken)
    {
        try
        {
            return await RepeatAsync(() => client.GetAsync(task, cancellationToken: cancellationToken), cancellationToken);
        }
        catch (FaultToleranceException denial) when (denial is TaskFailedException or TaskUnknownException)
        {
            _denied.Add(task.TaskId, denial);
            return null;
        }
    }

    private async Task<T> RepeatAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await call();
            }
            catch (FaultToleranceException exception) when (exception.IsRetryable)
            {
                await Task.Delay(Pause, timeProvider, cancellationToken);
            }
        }
    }

    /// <summary>Waits until whatever was accepted has ended.</summary>
    public Task SettleAsync(TimeSpan limit, CancellationToken cancellationToken) =>
        client.WaitAllAsync(journal.ToList().Select(id => (IObjectRef)new ObjectRef<NoResult>(id)), limit, cancellationToken);

    private static int Milliseconds(Random chance) => chance.Next(ShortestMilliseconds, LongestMilliseconds);
}
