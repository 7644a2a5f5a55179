using FaultTolerance.Gateways;
using Microsoft.Extensions.Logging;
using Orleans.Serialization;

namespace FaultTolerance;

/// <summary>Calls the cluster with a deadline, and repeats what has no answer.</summary>
internal sealed class ClusterCalls(IGrainFactory grains, ClientClock clock, Func<double> chance, FaultToleranceClientOptions options, ILogger logger) : IDisposable
{
    private CancellationTokenSource _gateways = new();
    private int _turn;

    public IGrainFactory Grains { get; } = grains;

    /// <summary>Returns the next gateway. Calls to one key stick to one silo, so the keys rotate.</summary>
    public ITaskGatewayGrain NextGateway() =>
        Grains.GetGrain<ITaskGatewayGrain>((uint)Interlocked.Increment(ref _turn) % (uint)options.GatewayKeys);

    /// <summary>Returns the next address of questions about the cluster.</summary>
    public IClusterQueryGrain NextQuery() =>
        Grains.GetGrain<IClusterQueryGrain>((uint)Interlocked.Increment(ref _turn) % (uint)options.GatewayKeys);

    /// <summary>Calls once.</summary>
    /// <exception cref="TimeoutException">No answer came within the limit, or a gateway was lost meanwhile.</exception>
    public Task<T> OnceAsync<T>(TimeSpan limit, Func<Task<T>> call, CancellationToken cancellationToken) =>
        clock.WithinAsync(limit, call, cancellationToken, Volatile.Read(ref _gateways).Token);

    /// <summary>Gives up on every answer at once: Orleans does not tell which of them were to come through the lost gateway.</summary>
    public void OnGatewayLost() => Interlocked.Exchange(ref _gateways, new CancellationTokenSource()).CancelAsync().Ignore();

    /// <summary>Returns how long to wait before a repeat.</summary>
    public TimeSpan Pause(int repeat) => Backoff.Delay(repeat, chance());

    /// <summary>Calls until an answer comes, for as long as a submit would be repeated.</summary>
    /// <exception cref="FaultToleranceException">No answer came in time; the same call may succeed later.</exception>
    public async Task<T> RepeatAsync<T>(string what, TimeSpan limit, Func<Task<T>> call, CancellationToken cancellationToken)
    {
        var end = clock.Now + options.SubmitTimeout;
        for (var repeat = 0; ; repeat++)
        {
            Exception failure;
            try
            {
                return await OnceAsync(Shorter(limit, end - clock.Now), call, cancellationToken);
            }
            catch (Exception exception) when (!IsFinal(exception) && !cancellationToken.IsCancellationRequested)
            {
                failure = exception;
            }

            var pause = Shorter(Pause(repeat), end - clock.Now);
            ClientLog.CallRepeated(logger, what, pause.TotalMilliseconds, failure.Message);
            await clock.Delay(pause, cancellationToken);
            if (clock.Now >= end)
            {
                throw new FaultToleranceException(
                    $"{what}: the cluster did not answer within {options.SubmitTimeout.TotalSeconds:0.###} s. The last error was: {failure.Message} " +
                    "Check that silos are running and can be reached, then try again.",
                    failure)
                {
                    IsRetryable = true,
                };
            }
        }
    }

    public void Dispose() => _gateways.Dispose();

    /// <summary>Whether a repeat of the call would fail in the same way.</summary>
    public static bool IsFinal(Exception exception) =>
        exception is SerializerException or FaultToleranceException { IsRetryable: false } and not SubmitRejectedException { Reason: SubmitRejection.Busy };

    public static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other > TimeSpan.Zero ? other : TimeSpan.Zero;
}
