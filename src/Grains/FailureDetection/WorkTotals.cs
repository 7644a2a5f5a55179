using System.Runtime.InteropServices;

namespace FaultTolerance.Grains.FailureDetection;

/// <summary>What nodes did of late, all together: what the others of any one of them did is that without its own.</summary>
/// <remarks>So the comparison of all with all costs each node once, and not each pair.</remarks>
internal sealed class WorkTotals
{
    private readonly Dictionary<string, HandlerTally> _ended = [];
    private readonly Highest<TimeSpan> _delays = new();
    private readonly Highest<double> _hung = new();

    /// <summary>Adds up the work of nodes.</summary>
    public WorkTotals(IReadOnlyCollection<NodeWork> nodes)
    {
        foreach (var tally in nodes.SelectMany(node => node.Ended.Values))
        {
            ref var total = ref CollectionsMarshal.GetValueRefOrAddDefault(_ended, tally.Handler, out _);
            total = new HandlerTally(tally.Handler, total.Succeeded + tally.Succeeded, total.Failed + tally.Failed);
        }

        foreach (var node in nodes)
        {
            _delays.Add(node.PoolDelay);
            _hung.Add(node.HungShare);
        }
    }

    /// <summary>Returns how the attempts of a handler ended on all nodes but the one whose tally this is.</summary>
    public HandlerTally Without(HandlerTally own)
    {
        var total = _ended.GetValueOrDefault(own.Handler);
        return new HandlerTally(own.Handler, total.Succeeded - own.Succeeded, total.Failed - own.Failed);
    }

    /// <summary>Returns the longest delay of all nodes but one that has this delay; null when it alone has any.</summary>
    public TimeSpan? LongestDelayBeside(TimeSpan own) => _delays.Beside(own);

    /// <summary>Returns the highest share of slots that hung handlers hold of all nodes but one that has this share; null when it alone has any.</summary>
    public double? HighestHungBeside(double own) => _hung.Beside(own);

    /// <summary>The two highest of many: so each can be told what the highest is beside itself.</summary>
    private sealed class Highest<T>
        where T : struct, IComparable<T>
    {
        private T? _first;
        private T? _second;

        public void Add(T? value)
        {
            if (value is { } known && (_first is not { } first || known.CompareTo(first) > 0))
            {
                (_first, _second) = (known, _first);
            }
            else if (value is { } lower && (_second is not { } second || lower.CompareTo(second) > 0))
            {
                _second = lower;
            }
        }

        public T? Beside(T own) => _first is { } first && own.CompareTo(first) == 0 ? _second : _first;
    }
}
