using FaultTolerance.Grains.FailureDetection;
using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Orders;

namespace FaultTolerance.Bench.Detectors;

/// <summary>What the detector's grain keeps and does, on a time of its own.</summary>
internal sealed class SimulatedWatch(SimulatedNodes nodes, NodeDetectionOptions detection, QuarantineOptions quarantine)
{
    private readonly FailureDetector _detector = new(detection);
    private readonly Dictionary<NodeIncarnation, TallyWindow> _work = nodes.Incarnations.ToDictionary(node => node, _ => new TallyWindow(quarantine.Window));
    private TimeSpan _now;
    private long _sequence;

    public long NextSequence() => ++_sequence;

    /// <summary>Takes one heartbeat of each node, all on time.</summary>
    public void Hear(List<NodeHeartbeat> heartbeats)
    {
        _now += detection.HeartbeatInterval;
        foreach (var heartbeat in heartbeats)
        {
            if (_detector.Hear(heartbeat, _now))
            {
                _work[heartbeat.Node.Incarnation].Add(heartbeat, _now);
            }
        }
    }

    /// <summary>Looks for silence once.</summary>
    public void Check()
    {
        _detector.Watch([.. nodes.Incarnations], _now);
        if (_detector.Check(_now + (detection.HeartbeatInterval / 2)).Count + _detector.Suspects.Count() > 0)
        {
            throw new BenchException("A node that was heard on time is suspected.");
        }
    }

    /// <summary>Compares the nodes' work once.</summary>
    public void Compare()
    {
        var work = nodes.Incarnations
            .Select(node => new NodeWork(node, TakesWork: true, IsAccused: false, _work[node].Ended(), _work[node].LeastPoolDelay, _work[node].LeastHungShare))
            .ToList();
        if (QuarantinePlan.Decide(work, quarantine).Count > 0)
        {
            throw new BenchException("A node that works like all others is accused.");
        }
    }
}
