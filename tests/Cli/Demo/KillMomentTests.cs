using FaultTolerance.Cli.Demo;

namespace FaultTolerance.Cli.Tests.Demo;

public sealed class KillMomentTests
{
    [Theory]
    [InlineData("50%", 0.5)]
    [InlineData("12.5%", 0.125)]
    [InlineData("99%", 0.99)]
    public void A_part_of_the_work_is_read(string text, double part)
    {
        Assert.True(KillMoment.TryParse(text, out var moment));
        Assert.Equal((part, null, text), (moment.Part, moment.After, moment.ToString()));
    }

    [Theory]
    [InlineData("0s", 0)]
    [InlineData("2.5s", 2.5)]
    [InlineData("3600s", 3600)]
    public void A_time_is_read(string text, double seconds)
    {
        Assert.True(KillMoment.TryParse(text, out var moment));
        Assert.Equal((null, TimeSpan.FromSeconds(seconds), text), (moment.Part, moment.After, moment.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("%")]
    [InlineData("s")]
    [InlineData("50")]
    [InlineData("0%")]
    [InlineData("100%")]
    [InlineData("-1s")]
    [InlineData("3601s")]
    [InlineData("half")]
    [InlineData("NaN%")]
    public void Anything_else_is_refused(string text) => Assert.False(KillMoment.TryParse(text, out _));

    [Fact]
    public void It_comes_when_that_part_of_the_tasks_has_ended()
    {
        var moment = KillMoment.HalfWay;

        Assert.False(moment.HasCome(ended: 49, planned: 100, TimeSpan.FromHours(1)));
        Assert.True(moment.HasCome(ended: 50, planned: 100, TimeSpan.Zero));
    }

    [Fact]
    public void It_comes_when_the_time_is_over()
    {
        Assert.True(KillMoment.TryParse("3s", out var moment));

        Assert.False(moment.HasCome(ended: 100, planned: 100, TimeSpan.FromSeconds(2.9)));
        Assert.True(moment.HasCome(ended: 0, planned: 100, TimeSpan.FromSeconds(3)));
    }
}
