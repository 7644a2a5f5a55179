using FaultTolerance.Grains.Actors;

namespace FaultTolerance.Grains.Tests.Actors;

/// <summary>Heartbeats and silence of actors. The interval is 10 s, three may be missed, looks are each second.</summary>
public sealed class ActorDetectorTests
{
    private static readonly ActorName Alice = new("account", "alice");
    private static readonly ActorName Bob = new("account", "bob");

    private readonly ActorDetectionOptions _options = new();
    private readonly ActorDetector _detector;
    private TimeSpan _now = TimeSpan.FromSeconds(1_000);

    public ActorDetectorTests() => _detector = new ActorDetector(_options);

    [Fact]
    public void Silent_for_exactly_three_intervals_an_actor_is_alive_and_a_tick_later_it_has_failed()
    {
        var life = Watch(Alice);
        Assert.Empty(Pass(30));

        var failed = Assert.Single(Look(_now += TimeSpan.FromTicks(1)));

        Assert.Equal(
            new ActorFailed(
                Alice, life, 1, TimeSpan.FromSeconds(1_000), TimeSpan.FromSeconds(30) + TimeSpan.FromTicks(1), TimeSpan.Zero, TimeSpan.FromSeconds(30), _options.HeartbeatInterval),
            failed);
    }

    [Fact]
    public void A_failed_actor_is_reported_once_however_long_it_is_silent()
    {
        Watch(Alice);

        Assert.Single(Pass(1_000));
    }

    [Fact]
    public void An_actor_that_beats_in_time_never_fails()
    {
        var life = Watch(Alice);
        for (var beat = 0; beat < 10; beat++)
        {
            Assert.Empty(Pass(30));
            Assert.Null(_detector.Beat(Alice, life, _now));
        }
    }

    [Fact]
    public void An_actor_that_beats_after_its_report_had_hung_is_noted_once_and_may_fail_again()
    {
        var life = Watch(Alice);
        Pass(31);

        Assert.Equal(new ActorAliveAgain(Alice, life, 1, TimeSpan.FromSeconds(31), ActorRevival.Beat), _detector.Beat(Alice, life, _now));
        _now += TimeSpan.FromSeconds(1);
        Assert.Null(_detector.Beat(Alice, life, _now));

        Assert.Equal(2, Assert.Single(Pass(31)).Failure);
    }

    [Fact]
    public void Each_actor_has_its_own_interval()
    {
        Watch(Alice);
        Watch(Bob, seconds: 1);

        Assert.Equal(Bob, Assert.Single(Pass(4)).Actor);
        Assert.Equal(Alice, Assert.Single(Pass(27)).Actor);
    }

    [Fact]
    public void An_actor_that_is_no_longer_watched_does_not_fail()
    {
        var life = Watch(Alice);
        Assert.Null(_detector.Unwatch(Alice, life, _now));

        Assert.Empty(Pass(1_000));
        Assert.Null(_detector.Beat(Alice, life, _now));
        Assert.Equal(0, _detector.Count);
    }

    [Fact]
    public void The_failure_of_an_actor_that_is_ended_in_order_is_over()
    {
        var life = Watch(Alice);
        Pass(31);

        Assert.Equal(new ActorAliveAgain(Alice, life, 1, TimeSpan.FromSeconds(31), ActorRevival.Ended), _detector.Unwatch(Alice, life, _now));
    }

    [Fact]
    public void A_heartbeat_that_comes_while_a_look_waits_is_not_held_against_its_actor()
    {
        var life = Watch(Alice);
        _detector.Look(ActorLook.Judge, _now);
        _detector.Beat(Alice, life, _now + TimeSpan.FromSeconds(2)); // later than what the look below calls now
        _detector.Look(ActorLook.Excuse, _now += TimeSpan.FromSeconds(1));

        _now += TimeSpan.FromSeconds(1);
        Assert.Empty(Pass(30));
        Assert.Single(Pass(2));
    }

    [Fact]
    public void A_new_life_takes_the_place_of_the_one_before_and_ends_its_failure()
    {
        var first = Watch(Alice);
        Pass(31);

        var (second, again) = _detector.Watch(Alice, _options.HeartbeatInterval, _now);

        Assert.Equal(new ActorAliveAgain(Alice, first, 1, TimeSpan.FromSeconds(31), ActorRevival.NewLife), again);
        Assert.Null(_detector.Unwatch(Alice, first, _now));
        Assert.Null(_detector.Beat(Alice, first, _now + TimeSpan.FromSeconds(20)));
        Assert.Equal((second!.Value, 2), Assert.Single(Pass(31)) is var failed ? (failed.Life, failed.Failure) : default);
    }

    [Fact]
    public void At_the_limit_no_other_actor_is_watched_but_a_new_life_is()
    {
        _options.MaxWatched = 1;
        var life = Watch(Alice);

        Assert.Null(_detector.Watch(Bob, _options.HeartbeatInterval, _now).Life);
        life = Watch(Alice) is var next && next > life ? next : throw new InvalidOperationException("The life is no new one.");
        _detector.Unwatch(Alice, life, _now);
        Assert.NotNull(_detector.Watch(Bob, _options.HeartbeatInterval, _now).Life);
    }

    [Fact]
    public void A_look_that_comes_late_by_more_than_its_interval_is_held_against_nobody()
    {
        Watch(Alice);
        Pass(20);

        _now += TimeSpan.FromSeconds(61); // 60 late
        Assert.Empty(Look(_now));
        Assert.Empty(Pass(9)); // 30 that count

        var failed = Assert.Single(Pass(1));
        Assert.Equal((TimeSpan.FromSeconds(91), TimeSpan.FromSeconds(60)), (failed.Elapsed, failed.Excused));
    }

    [Fact]
    public void A_look_that_comes_late_by_one_interval_is_an_ordinary_one()
    {
        Watch(Alice);
        Pass(29);

        Assert.Single(Look(_now += TimeSpan.FromSeconds(2)));
    }

    [Fact]
    public void What_was_before_a_heartbeat_is_not_excused()
    {
        var life = Watch(Alice);
        Pass(1);
        _detector.Beat(Alice, life, _now + TimeSpan.FromSeconds(58)); // it was awake three seconds before the look
        Assert.Empty(Look(_now += TimeSpan.FromSeconds(61)));

        Assert.Empty(Pass(30));
        Assert.Equal(TimeSpan.FromSeconds(3), Assert.Single(Pass(1)).Excused);
    }

    [Fact]
    public void While_the_nodes_own_executor_does_not_answer_no_silence_counts()
    {
        Watch(Alice);
        Pass(25);
        for (var second = 0; second < 100; second++)
        {
            Assert.Empty(_detector.Look(ActorLook.Excuse, _now += TimeSpan.FromSeconds(1)));
        }

        Assert.Empty(Pass(6)); // the first of these seconds was spent on the wait for the executor
        Assert.Single(Pass(1));
    }

    [Fact]
    public void While_a_judgement_is_held_back_silence_counts_on()
    {
        Watch(Alice);
        for (var second = 0; second < 40; second++)
        {
            Assert.Empty(_detector.Look(ActorLook.Hold, _now += TimeSpan.FromSeconds(1)));
        }

        Assert.Equal(TimeSpan.FromSeconds(41), Assert.Single(Pass(1)).Elapsed);
    }

    private long Watch(ActorName actor, double seconds = 10) => _detector.Watch(actor, TimeSpan.FromSeconds(seconds), _now).Life!.Value;

    /// <summary>Lets time pass with a look each second.</summary>
    private List<ActorFailed> Pass(int seconds)
    {
        var failed = new List<ActorFailed>();
        for (var second = 0; second < seconds; second++)
        {
            failed.AddRange(Look(_now += TimeSpan.FromSeconds(1)));
        }

        return failed;
    }

    private IReadOnlyList<ActorFailed> Look(TimeSpan now) => _detector.Look(ActorLook.Judge, now);
}
