using FaultTolerance.Grains.Scheduling;

namespace FaultTolerance.Grains.Nodes;

/// <summary>Keeps looking at the pipeline without ever being held up by it.</summary>
/// <param name="pipeline">The pipeline.</param>
/// <param name="longestStep">How much of the time between two looks counts at the most. The rest of a longer one is time in which this process stood still, and the pipeline with it.</param>
/// <param name="clock">The time.</param>
/// <param name="timeProvider">Lets it wait.</param>
internal sealed class PipelineWatch(INodePipeline pipeline, TimeSpan longestStep, MonotonicClock clock, TimeProvider timeProvider)
{
    /// <summary>How long a look may hold up a renewal. After it the former one has to do.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    private Task<PipelineSnapshot>? _look;
    private TimeSpan _lastLook = clock.Now;

    /// <summary>Gets what the pipeline held when it last answered.</summary>
    public PipelineSnapshot Newest { get; private set; } = new(0, [], true);

    /// <summary>Gets for how long the pipeline had owed an answer when it was last looked at.</summary>
    public TimeSpan Unanswered { get; private set; }

    /// <summary>Looks, for a short time. Called by one loop only.</summary>
    public async Task<PipelineSnapshot> LookAsync()
    {
        var step = clock.Now - _lastLook;
        _lastLook = clock.Now;
        if (_look is { IsCompleted: false })
        {
            Unanswered += step < longestStep ? step : longestStep;
        }

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
            Unanswered = TimeSpan.Zero;
        }

        return Newest;
    }
}
