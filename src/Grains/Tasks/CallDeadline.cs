namespace FaultTolerance.Grains.Tasks;

/// <summary>Ends what a caller asked of the store no later than the caller stops waiting for it.</summary>
internal sealed class CallDeadline(TimeProvider timeProvider)
{
    /// <summary>For calls whose callers wait for three seconds.</summary>
    public static readonly TimeSpan Short = TimeSpan.FromSeconds(2.5);

    /// <summary>For calls whose callers wait for five seconds.</summary>
    public static readonly TimeSpan Medium = TimeSpan.FromSeconds(4.5);

    /// <summary>For calls whose callers wait for ten seconds, because the answer may be large.</summary>
    public static readonly TimeSpan Long = TimeSpan.FromSeconds(9);

    /// <summary>Runs a call of the store.</summary>
    /// <exception cref="TimeoutException">The limit has passed; what was being written may be stored all the same.</exception>
    public async Task<T> RunAsync<T>(TimeSpan limit, Func<CancellationToken, Task<T>> call)
    {
        using var deadline = new CancellationTokenSource(limit, timeProvider);
        try
        {
            return await call(deadline.Token);
        }
        catch (OperationCanceledException exception) when (deadline.IsCancellationRequested)
        {
            throw new TimeoutException($"The store did not answer within {limit.TotalSeconds:0.#} s. The same call may be repeated.", exception);
        }
    }
}
