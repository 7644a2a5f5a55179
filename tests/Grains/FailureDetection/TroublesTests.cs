using FaultTolerance.Grains.FailureDetection;
using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Tests.Nodes;
using Microsoft.Extensions.Options;

namespace FaultTolerance.Grains.Tests.FailureDetection;

/// <summary>What a heartbeat shows to be slow: from a quarter of the lease of 6 s on.</summary>
public sealed class TroublesTests
{
    private static readonly NodeHeartbeat Well = new() { Node = NodeFacts.Info(1), MemoryLoad = 0.5 };

    [Fact]
    public void A_node_in_good_health_has_none() => Assert.Empty(In(Well with { PoolDelay = TimeSpan.FromSeconds(1.49) }));

    [Fact]
    public void Each_delay_is_told()
    {
        var slow = TimeSpan.FromSeconds(1.5);

        Assert.Equal(
            [
                "Its thread pool kept work waiting for 1.5 s.",
                "Its executor has taken no turn for 1.5 s.",
                "Its store took for a renewal 1.5 s.",
                "It stood still for garbage collection for 1.5 s.",
                "Its memory is 96 % full.",
                "Handlers that were told to stop and do not hold 3 of its 4 slots.",
            ],
            In(Well with { PoolDelay = slow, ExecutorDelay = slow, StoreLatency = slow, GcPause = slow, MemoryLoad = 0.96, Hung = 3 }));
    }

    [Fact]
    public async Task A_node_is_sick_by_its_own_word_or_when_it_has_stood_still()
    {
        await using var lab = await StoreLab.OpenAsync(); // a lease of 5 s
        var health = new NodeHealth(Options.Create(lab.Detection), lab.Clock);
        health.Note(Well);
        Assert.False(health.IsSick);
        Assert.True(health.CheckHealth(default, out _));

        lab.Pass(2.51);
        Assert.True(health.IsSick);
        Assert.False(health.CheckHealth(default, out var stoodStill));
        Assert.Equal("It has not measured itself for longer than half a lease.", stoodStill);

        health.Note(Well with { PoolDelay = TimeSpan.FromSeconds(2) });
        Assert.False(health.CheckHealth(default, out var reason));
        Assert.Equal("Its thread pool kept work waiting for 2.0 s.", reason);
    }

    private static IReadOnlyList<string> In(NodeHeartbeat heartbeat) => Troubles.In(heartbeat, new NodeDetectionOptions());
}
