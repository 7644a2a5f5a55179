using FaultTolerance.Grains.FailureDetection;
using static FaultTolerance.Grains.Tests.Nodes.NodeFacts;

namespace FaultTolerance.Grains.Tests.FailureDetection;

/// <summary>What a minute of heartbeats says.</summary>
public sealed class TallyWindowTests
{
    private readonly TallyWindow _window = new(TimeSpan.FromMinutes(1));

    [Fact]
    public void Only_what_ended_within_the_window_counts()
    {
        Hear(0, succeeded: 100, failed: 7);
        Hear(30, succeeded: 110, failed: 8);
        Hear(60, succeeded: 115, failed: 8);

        Assert.Equal(new HandlerTally("work", 15, 1), _window.Ended()["work"]);
        Hear(61, succeeded: 115, failed: 20);
        Assert.Equal(new HandlerTally("work", 5, 12), _window.Ended()["work"]);
    }

    [Fact]
    public void A_handler_that_ended_nothing_is_left_out()
    {
        Hear(0, succeeded: 5, failed: 0);
        Hear(10, succeeded: 5, failed: 0);

        Assert.Empty(_window.Ended());
        Assert.Empty(new TallyWindow(TimeSpan.FromMinutes(1)).Ended());
    }

    [Fact]
    public void The_delay_of_the_pool_is_known_once_the_window_is_full()
    {
        foreach (var i in Enumerable.Range(0, 5))
        {
            Assert.Null(_window.LeastPoolDelay);
            Hear(i * 12, poolDelay: 5 - i);
        }

        Assert.Equal(TimeSpan.FromSeconds(1), _window.LeastPoolDelay);
    }

    [Fact]
    public void Slots_count_as_hung_that_were_so_in_each_heartbeat_of_a_full_window()
    {
        foreach (var i in Enumerable.Range(0, 5))
        {
            Assert.Null(_window.LeastHungShare);
            Hear(i * 12, hung: i == 2 ? 1 : 2);
        }

        Assert.Equal(1.0 / Info(1).Slots, _window.LeastHungShare);
    }

    [Fact]
    public void One_heartbeat_after_a_long_silence_says_nothing_of_a_minute()
    {
        Hear(0);
        Hear(200, poolDelay: 3);

        Assert.Null(_window.LeastPoolDelay);
    }

    private void Hear(double at, long succeeded = 0, long failed = 0, double poolDelay = 0, int hung = 0)
    {
        var heartbeat = new NodeHeartbeat
        {
            Node = Info(1),
            PoolDelay = TimeSpan.FromSeconds(poolDelay),
            Hung = hung,
            Ended = [new HandlerTally("work", succeeded, failed)],
        };
        _window.Add(heartbeat, TimeSpan.FromSeconds(at));
    }
}
