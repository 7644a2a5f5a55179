using System.Globalization;
using FaultTolerance.Grains.FailureDetection;
using FaultTolerance.Grains.Nodes;
using static FaultTolerance.Grains.Tests.Nodes.NodeFacts;

namespace FaultTolerance.Grains.Tests.FailureDetection;

/// <summary>Heartbeats and silence under both policies, on made-up arrival series and on a recorded one. The defaults are those of <c>Balanced</c>.</summary>
public sealed class FailureDetectorTests
{
    private readonly NodeDetectionOptions _options = new();
    private long _sequence;

    [Fact]
    public void A_node_that_is_heard_each_second_is_suspected_after_two_and_a_half()
    {
        var detector = Steady();

        Assert.Equal(2.53, SuspectedAfter(detector, from: 100), 0.01);
    }

    [Fact]
    public void A_silo_on_a_busy_machine_as_it_was_recorded_is_never_suspected_while_it_is_heard_and_soon_after_its_last_heartbeat()
    {
        var arrivals = File.ReadLines(Path.Join(AppContext.BaseDirectory, "FailureDetection", "recorded-heartbeats.txt"))
            .Where(line => !line.StartsWith('#'))
            .SelectMany(line => line.Split(' '))
            .Select(arrival => double.Parse(arrival, CultureInfo.InvariantCulture) / 1_000)
            .ToList();
        var detector = Detector();

        foreach (var arrival in arrivals)
        {
            Assert.Empty(detector.Check(At(arrival)));
            Hear(detector, [arrival]);
        }

        Assert.Equal(239, arrivals.Count);
        Assert.Equal(2.53, SuspectedAfter(detector, from: arrivals[^1]), 0.01);
    }

    [Fact]
    public void A_heartbeat_that_is_late_by_the_acceptable_pause_raises_no_suspicion()
    {
        var detector = Steady();

        Assert.Equal(0.3, detector.PhiOf(Life(1), At(102)), 0.01);
        Assert.Empty(detector.Check(At(102.4)));
    }

    [Fact]
    public void A_node_that_is_always_jittery_is_given_longer()
    {
        var detector = Detector();
        Hear(detector, [.. Enumerable.Range(0, 101).Select(i => i + (i % 2 == 0 ? 0 : 0.4))]); // 1.4 s, 0.6 s, 1.4 s, …

        Assert.Equal(4.10, SuspectedAfter(detector, from: 100), 0.01);
    }

    [Fact]
    public void One_long_pause_makes_the_detector_more_patient_until_it_leaves_the_window()
    {
        var detector = Detector();
        Hear(detector, Range(0, 50));
        detector.Hear(Heartbeat(1), At(52)); // a pause of 2 s

        Assert.True(SuspectedAfter(detector, from: 52) > 2.6);
        detector = Detector();
        Hear(detector, [.. Range(0, 50), 52, .. Range(53, 160)]);

        Assert.Equal(2.53, SuspectedAfter(detector, from: 160), 0.01);
    }

    [Fact]
    public void Heartbeats_that_come_in_bursts_are_given_the_time_between_two_bursts()
    {
        var detector = Detector();
        Hear(detector, [.. Enumerable.Range(0, 60).Select(i => (i / 3 * 3) + (i % 3 * 0.1))]); // three within 0.2 s, each 3 s

        Assert.Equal(8.46, SuspectedAfter(detector, from: 57.2), 0.01);
    }

    [Fact]
    public void A_pause_for_garbage_collection_each_ten_heartbeats_is_learned()
    {
        var detector = Detector();
        Hear(detector, [.. Enumerable.Range(0, 101).Select(i => i + (i % 10 == 5 ? 0.9 : 0))]); // 1.9 s, 0.1 s, and then 1 s again

        Assert.Equal(4.10, SuspectedAfter(detector, from: 100), 0.01);
    }

    [Fact]
    public void A_detector_that_was_not_well_for_long_keeps_what_it_knows_of_the_rhythm()
    {
        var detector = Steady();
        for (var second = 101; second <= 200; second++)
        {
            detector.Forgive(At(second - 0.1));
            Hear(detector, [second]);
        }

        detector.Forgive(At(200));

        Assert.Equal(2.53, SuspectedAfter(detector, from: 200), 0.01);
    }

    [Fact]
    public void A_detector_that_was_not_well_counts_every_silence_anew()
    {
        var detector = Steady();

        detector.Forgive(At(130));

        Assert.Empty(detector.Check(At(132.4)));
        Assert.Single(detector.Check(At(132.6)));
    }

    [Fact]
    public void A_node_that_was_never_heard_is_suspected_no_sooner_than_one_that_was()
    {
        var detector = Detector();
        detector.Watch([Life(1)], At(1_000));

        Assert.Equal(3.31, SuspectedAfter(detector, from: 1_000), 0.01);
    }

    [Fact]
    public void A_detector_that_starts_anew_counts_silence_from_its_own_start()
    {
        var detector = Detector();

        detector.Watch([Life(1)], At(5_000));

        Assert.Empty(detector.Check(At(5_001)));
    }

    [Fact]
    public void A_suspicion_is_told_once_and_ends_only_when_the_node_answers()
    {
        var detector = Steady();
        Assert.Single(detector.Check(At(103)));
        Assert.Empty(detector.Check(At(104)));

        detector.Hear(Heartbeat(1), At(104));
        Assert.True(detector.IsSuspected(Life(1)));

        Assert.True(detector.Clear(Life(1), At(105)));
        Assert.False(detector.Clear(Life(1), At(105)));
        Assert.Empty(detector.Suspects);
        Assert.Empty(detector.Check(At(106)));
    }

    [Fact]
    public void The_silence_that_ended_in_a_suspicion_does_not_make_the_detector_more_patient()
    {
        var detector = Steady();
        detector.Check(At(110));
        detector.Hear(Heartbeat(1), At(110));
        detector.Clear(Life(1), At(110));

        Assert.Equal(2.53, SuspectedAfter(detector, from: 110), 0.01);
    }

    [Fact]
    public void A_repeat_or_an_older_heartbeat_changes_nothing()
    {
        var detector = Steady();
        var newest = detector.NewestOf(Life(1))!;

        Assert.False(detector.Hear(newest, At(101)));
        Assert.False(detector.Hear(newest with { Sequence = newest.Sequence - 1 }, At(101)));

        Assert.Equal(2.53, SuspectedAfter(detector, from: 100), 0.01);
    }

    [Fact]
    public void A_hint_suspects_a_watched_node_at_once()
    {
        var detector = Steady();

        Assert.True(detector.Suspect(Life(1)));
        Assert.False(detector.Suspect(Life(1)));
        Assert.False(detector.Suspect(Life(2)));
        Assert.Equal([Life(1)], detector.Suspects);
    }

    [Fact]
    public void A_node_that_is_no_longer_watched_is_forgotten()
    {
        var detector = Steady();
        detector.Suspect(Life(1));

        detector.Watch([Life(2)], At(101));

        Assert.Empty(detector.Suspects);
        Assert.Null(detector.NewestOf(Life(1)));
        Assert.Equal(0, detector.PhiOf(Life(1), At(200)));
    }

    [Fact]
    public void Under_the_fixed_policy_every_node_has_the_same_limit()
    {
        _options.Policy = DetectionPolicy.Fixed;
        var detector = Steady();

        Assert.Empty(detector.Check(At(129.999)));
        var suspicion = Assert.Single(detector.Check(At(130)));

        Assert.Equal(new Suspicion(Life(1), "Silent for 30.0 s; the limit is 30.0 s."), suspicion);
    }

    [Fact]
    public void A_suspicion_says_why()
    {
        var detector = Steady();

        Assert.Equal("Silent for 3.0 s, heard every 1.0 s before: phi has passed 8.0.", Assert.Single(detector.Check(At(103))).Reason);
    }

    [Theory]
    [InlineData(0, 0.0)]
    [InlineData(2, 0.30)] // at the expected time: even odds
    [InlineData(2.2, 1.64)] // two deviations late: 1 in 44
    [InlineData(2.5, 7.3)]
    public void Phi_is_the_exponent_of_the_odds(double silence, double phi)
    {
        var history = new HeartbeatHistory(100, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(1));
        for (var i = 0; i < 100; i++)
        {
            history.Add(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(phi, history.Phi(TimeSpan.FromSeconds(silence)), 0.05);
    }

    [Fact]
    public void Phi_of_an_endless_silence_has_no_limit() =>
        Assert.Equal(double.PositiveInfinity, Steady().PhiOf(Life(1), At(10_000)));

    private FailureDetector Steady()
    {
        var detector = Detector();
        Hear(detector, Range(0, 100));
        return detector;
    }

    private FailureDetector Detector() => new(_options);

    private void Hear(FailureDetector detector, IEnumerable<double> times)
    {
        foreach (var time in times)
        {
            detector.Hear(Heartbeat(1), At(time));
        }
    }

    private NodeHeartbeat Heartbeat(int node) => new() { Node = Info(node), Sequence = ++_sequence };

    /// <summary>Returns after how many seconds of silence the node is suspected, to a hundredth.</summary>
    private static double SuspectedAfter(FailureDetector detector, double from)
    {
        for (var silence = 0.0; silence < 100; silence += 0.01)
        {
            if (detector.Check(At(from + silence)).Count > 0)
            {
                return silence;
            }
        }

        return double.PositiveInfinity;
    }

    private static IEnumerable<double> Range(int from, int to) => Enumerable.Range(from, to - from + 1).Select(i => (double)i);

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);
}
