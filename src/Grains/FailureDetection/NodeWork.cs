namespace FaultTolerance.Grains.FailureDetection;

/// <summary>What a node did of late, for it to be compared with the others.</summary>
/// <param name="Node">The life of the node.</param>
/// <param name="TakesWork">Whether it takes work now: only then it can be accused.</param>
/// <param name="IsAccused">Whether it is in quarantine by the detector's word.</param>
/// <param name="Ended">How its attempts ended of late, by handler.</param>
/// <param name="PoolDelay">The least delay of its thread pool in any heartbeat of the window; null while there are too few.</param>
/// <param name="HungShare">The least share of its slots that hung handlers held in any heartbeat of the window, from 0 to 1; null while there are too few.</param>
internal sealed record NodeWork(
    NodeIncarnation Node, bool TakesWork, bool IsAccused, IReadOnlyDictionary<string, HandlerTally> Ended, TimeSpan? PoolDelay, double? HungShare);
