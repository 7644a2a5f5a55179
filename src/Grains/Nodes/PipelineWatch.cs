using FaultTolerance.Grains.Scheduling;

namespace FaultTolerance.Grains.Nodes;

/// <summary>Keeps looking at the pipeline without ever being held up by it.</summary>
internal sealed class PipelineWatch(INodePipeline pipeline, MonotonicClock clock, TimeProvider timeProvider)
{
    /// <summary>How long a look may hold up a renewal. After it the former one has to do.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    private Task<PipelineSnapshot>? _look;
    private TimeSpan _lastTurn = clock.Now;

    /// <summary>Gets what the pipeline held when it last answered.</summary>
    public PipelineSnapshot Newest { get; private set; } = new(0, [], true);

    /// <summary>Gets from when to when the pipeline has not been seen to take a turn.</summary>
    public TimeSpan SinceLastTurn => clock.Now - _lastTurn;

    /// <summary>Looks, for a short time. Called by one loop only.</summary>
    public async Task<PipelineSnapshot> LookAsync()
    {
        _look ??= pipeline.InspectAsync();
        if (!_look.IsCompleted)
        {
            await Task.WhenAny(_look, Task.Delay(Patience, timeProvider));
        }

        if (_look.IsCompleted)
        {
            var look = _look;
            _look = null;
            Newest = await look;
            _lastTurn = clock.Now;
        }

        return Newest;
    }
}
