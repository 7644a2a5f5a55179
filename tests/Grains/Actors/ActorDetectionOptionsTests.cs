using FaultTolerance.Grains.Actors;

namespace FaultTolerance.Grains.Tests.Actors;

public sealed class ActorDetectionOptionsTests
{
    [Fact]
    public void The_defaults_are_pinned()
    {
        var options = new ActorDetectionOptions();

        Assert.Equal(TimeSpan.FromSeconds(10), options.HeartbeatInterval);
        Assert.Equal(3, options.MissedHeartbeats);
        Assert.Equal(TimeSpan.FromSeconds(1), options.CheckInterval);
        Assert.Equal(100_000, options.MaxWatched);
        Assert.Empty(Errors(options));
    }

    [Fact]
    public void Everything_that_is_wrong_is_said_at_once()
    {
        var options = new ActorDetectionOptions
        {
            HeartbeatInterval = TimeSpan.FromMilliseconds(9),
            MissedHeartbeats = 1,
            CheckInterval = TimeSpan.FromMinutes(2),
            MaxWatched = 0,
        };

        Assert.Equal(
            """
            HeartbeatInterval: The field ActorDetectionOptions.HeartbeatInterval must be between 00:00:00.0100000 and 01:00:00.
            MissedHeartbeats: The field ActorDetectionOptions.MissedHeartbeats must be between 2 and 1000.
            CheckInterval: The field ActorDetectionOptions.CheckInterval must be between 00:00:00.0100000 and 00:01:00.
            MaxWatched: The field ActorDetectionOptions.MaxWatched must be between 1 and 10000000.
            HeartbeatInterval is 00:00:00.0090000; it must not be shorter than CheckInterval (00:02:00), or a look that is a little late would be held against actors.
            """,
            string.Join('\n', Errors(options)),
            ignoreLineEndingDifferences: true);
    }

    private static IEnumerable<string> Errors(ActorDetectionOptions options) =>
    [
        .. new ActorDetectionOptionsValidator().Validate(null, options).Failures ?? [],
        .. new ActorIntervalsValidator().Validate(null, options).Failures ?? [],
    ];
}
