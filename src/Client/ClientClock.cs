namespace FaultTolerance;

/// <summary>Monotonic time, counted from the client's start, and what waits for it.</summary>
internal sealed class ClientClock(TimeProvider timeProvider)
{
    private readonly long _start = timeProvider.GetTimestamp();

    public TimeProvider Provider { get; } = timeProvider;

    public TimeSpan Now => Provider.GetElapsedTime(_start);

    public Task Delay(TimeSpan delay, CancellationToken cancellationToken) => Task.Delay(delay, Provider, cancellationToken);

    /// <summary>Calls, and gives up on the answer at the limit, or when the way of the answer is gone; the call may then still arrive.</summary>
    /// <exception cref="TimeoutException">No answer came.</exception>
    public async Task<T> WithinAsync<T>(TimeSpan limit, Func<Task<T>> call, CancellationToken stopping, CancellationToken wayIsGone = default)
    {
        // The limit runs before the call does: what the call takes by itself counts too.
        using var deadline = new CancellationTokenSource(limit, Provider);
        using var stop = stopping.UnsafeRegister(static deadline => ((CancellationTokenSource)deadline!).Cancel(), deadline);
        using var gone = wayIsGone.UnsafeRegister(static deadline => ((CancellationTokenSource)deadline!).Cancel(), deadline);
        var answer = call();
        try
        {
            return await answer.WaitAsync(deadline.Token);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            if (answer.IsCompleted)
            {
                return await answer;
            }

            answer.Ignore();
            stopping.ThrowIfCancellationRequested();
            throw new TimeoutException(
                wayIsGone.IsCancellationRequested ? "A gateway was lost before the answer came." : $"No answer came within {limit.TotalSeconds:0.###} s.");
        }
    }
}
