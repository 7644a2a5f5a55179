using FaultTolerance.Grains.Gateways;

namespace FaultTolerance.Grains.Tests.Gateways;

public sealed class SubmitOptionsCheckTests
{
    [Fact]
    public void A_call_that_asks_for_nothing_has_no_heartbeat_timeout_and_is_well()
    {
        Assert.Null(SubmitOptions.Default.HeartbeatTimeout);
        Assert.Empty(SubmitOptionsCheck.Errors(SubmitOptions.Default));
    }

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(30 * 86_400, true)]
    [InlineData((30 * 86_400) + 1, false)]
    public void A_heartbeat_timeout_is_positive_and_at_most_30_days(int seconds, bool isWell) => Assert.Equal(
        isWell ? [] : ["HeartbeatTimeout must be positive, at most 30 days."],
        SubmitOptionsCheck.Errors(new SubmitOptions { HeartbeatTimeout = TimeSpan.FromSeconds(seconds) }));
}
