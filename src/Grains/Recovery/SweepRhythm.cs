using FaultTolerance.Grains.Nodes;

namespace FaultTolerance.Grains.Recovery;

/// <summary>Says when the next round of a sweep is due: at once at first, one interval after the former one ended, and after each loss of a node.</summary>
internal sealed class SweepRhythm(MonotonicClock clock, TimeSpan interval)
{
    /// <summary>For how long one step takes page after page: long enough to get on, short enough to leave the store to others.</summary>
    public static readonly TimeSpan StepTime = TimeSpan.FromMilliseconds(250);

    private TimeSpan _next;
    private TimeSpan _stepEnds;
    private DateTimeOffset? _newestLoss;
    private DateTimeOffset? _coveredLoss;
    private bool _isUnderWay;

    /// <summary>Whether the step that was begun last may take another page.</summary>
    public bool HasTime => clock.Now < _stepEnds;

    /// <summary>Returns whether a step is due; begins a round where none is under way.</summary>
    /// <param name="lastLoss">When a node was last lost or recovered, for sweeps that find what such a node left half done. A loss during a round brings another round.</param>
    public bool TryBegin(DateTimeOffset? lastLoss = null)
    {
        _newestLoss = _newestLoss > lastLoss ? _newestLoss : lastLoss ?? _newestLoss;
        if (!_isUnderWay && (clock.Now >= _next || _newestLoss != _coveredLoss))
        {
            (_isUnderWay, _coveredLoss) = (true, _newestLoss);
        }

        _stepEnds = clock.Now + StepTime;
        return _isUnderWay;
    }

    public void EndRound() => (_isUnderWay, _next) = (false, clock.Now + interval);
}
