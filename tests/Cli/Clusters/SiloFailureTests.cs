using FaultTolerance.Cli.Clusters;

namespace FaultTolerance.Cli.Tests.Clusters;

public sealed class SiloFailureTests
{
    [Fact]
    public void The_reason_is_what_the_newest_life_said_in_plain_words()
    {
        const string Log =
            """
            Port 1 cannot be used.
            --- process 1 ended with exit code 2
            12:00:00.000 fail: Host[11] Hosting failed to start
            The settings are not valid:
              - Name is missing
            --- process 2 ended with exit code 2
            """;

        Assert.Equal(["The settings are not valid:", "  - Name is missing"], SiloFailure.Reason(Log));
    }

    [Fact]
    public void A_silo_that_was_killed_is_told_by_the_last_of_its_log_shortened()
    {
        var log = $"12:00:00.000 info: started\n12:00:01.000 fail: {new string('x', 400)}\n--- process 2 ended with exit code 137";

        var reason = SiloFailure.Reason(log);

        Assert.Equal("12:00:00.000 info: started", reason[0]);
        Assert.Equal(301, reason[1].Length);
    }

    [Fact]
    public void An_empty_log_has_no_reason() => Assert.Empty(SiloFailure.Reason(""));
}
