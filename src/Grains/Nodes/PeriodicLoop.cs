using System.Threading.Channels;

namespace FaultTolerance.Grains.Nodes;

/// <summary>Does one step again and again: at a fixed rate, and at once when signalled. Never two steps at a time.</summary>
internal sealed class PeriodicLoop : IAsyncDisposable
{
    // One place: whatever happens during a step is one more step.
    private readonly Channel<bool> _ticks = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<CancellationToken, Task> _step;
    private readonly Action<Exception> _failed;
    private readonly TimeSpan _interval;
    private readonly TimeProvider _timeProvider;
    private ITimer? _timer;
    private Task _loop = Task.CompletedTask;

    /// <param name="interval">From the start of one step to the start of the next.</param>
    /// <param name="step">The step.</param>
    /// <param name="failed">Hears what a step threw; the loop goes on.</param>
    /// <param name="timeProvider">The clock.</param>
    public PeriodicLoop(TimeSpan interval, Func<CancellationToken, Task> step, Action<Exception> failed, TimeProvider timeProvider) =>
        (_interval, _step, _failed, _timeProvider) = (interval, step, failed, timeProvider);

    /// <summary>Starts; the first step is after one interval, or at once.</summary>
    public void Start(bool atOnce)
    {
        _timer = _timeProvider.CreateTimer(_ => Signal(), null, atOnce ? TimeSpan.Zero : _interval, _interval);
        _loop = RunAsync();
    }

    /// <summary>Asks for a step now; if one is under way, for another one after it.</summary>
    public void Signal() => _ticks.Writer.TryWrite(true);

    /// <summary>Cancels the step that is under way and waits for its end.</summary>
    public async Task StopAsync()
    {
        if (_timer is not null)
        {
            await _timer.DisposeAsync();
        }

        _ticks.Writer.TryComplete();
        await _stop.CancelAsync();
        await _loop;
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private async Task RunAsync()
    {
        await Task.Yield();
        await foreach (var _ in _ticks.Reader.ReadAllAsync())
        {
            try
            {
                await _step(_stop.Token);
            }
            catch (Exception exception)
            {
                if (!_stop.IsCancellationRequested)
                {
                    _failed(exception);
                }
            }
        }
    }
}
