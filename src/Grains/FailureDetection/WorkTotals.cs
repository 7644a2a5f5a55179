using System.Runtime.InteropServices;

namespace FaultTolerance.Grains.FailureDetection;

/// <summary>What nodes did of late, all together: what the others of any one of them did is that without its own.</summary>
/// <remarks>So the comparison of all with all costs each node once, and not each pair.</remarks>
internal sealed class WorkTotals
{
    private readonly Dictionary<string, HandlerTally> _ended = [];
    private readonly TimeSpan? _longestDelay;
    private readonly TimeSpan? _nextDelay;

    /// <summary>Adds up the work of nodes.</summary>
    public WorkTotals(IReadOnlyCollection<NodeWork> nodes)
    {
        foreach (var tally in nodes.SelectMany(node => node.Ended.Values))
        {
            ref var total = ref CollectionsMarshal.GetValueRefOrAddDefault(_ended, tally.Handler, out _);
            total = new HandlerTally(tally.Handler, total.Succeeded + tally.Succeeded, total.Failed + tally.Failed);
        }

        foreach (var delay in nodes.Select(node => node.PoolDelay).OfType<TimeSpan>())
        {
            if (_longestDelay is null || delay > _longestDelay)
            {
                (_longestDelay, _nextDelay) = (delay, _longestDelay);
            }
            else if (_nextDelay is null || delay > _nextDelay)
            {
                _nextDelay = delay;
            }
        }
    }

    /// <summary>Returns how the attempts of a handler ended on all nodes but the one whose tally this is.</summary>
    public HandlerTally Without(HandlerTally own)
    {
        var total = _ended.GetValueOrDefault(own.Handler);
        return new HandlerTally(own.Handler, total.Succeeded - own.Succeeded, total.Failed - own.Failed);
    }

    /// <summary>Returns the longest delay of all nodes but one that has this delay; null when it alone has any.</summary>
    public TimeSpan? LongestDelayBeside(TimeSpan own) => own == _longestDelay ? _nextDelay : _longestDelay;
}
