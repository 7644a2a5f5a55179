using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Hosting;

namespace FaultTolerance.Grains.Tests.Nodes;

/// <summary>How long a host waits for its node to leave: 20 s for what runs, 5 s to hand over, and 15 s for what may go wrong then.</summary>
public sealed class TimeToLeaveTests
{
    [Fact]
    public void The_host_waits_for_as_long_as_its_node_may_take() => Assert.Equal(TimeSpan.FromSeconds(40), ShutdownTimeout());

    [Fact]
    public void It_follows_a_drain_that_may_take_longer() =>
        Assert.Equal(TimeSpan.FromSeconds(3_600 + 60 + 15), ShutdownTimeout(settings: [("DrainTimeout", "01:00:00"), ("HandOverTimeout", "00:01:00")]));

    [Theory]
    [InlineData(120_000)]
    [InlineData(Timeout.Infinite)]
    public void A_host_that_waits_longer_is_left_alone(int milliseconds)
    {
        var longer = TimeSpan.FromMilliseconds(milliseconds);

        Assert.Equal(longer, ShutdownTimeout(silo => silo.Configure<HostOptions>(host => host.ShutdownTimeout = longer)));
    }

    [Fact]
    public void Options_that_are_not_valid_are_not_told_by_the_host() =>
        Assert.Equal(new HostOptions().ShutdownTimeout, ShutdownTimeout(settings: [("DrainTimeout", "-00:00:01")]));

    private static TimeSpan ShutdownTimeout(Action<ISiloBuilder>? configure = null, params (string Name, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create($"FaultTolerance:Nodes:{setting.Name}", (string?)setting.Value)))
            .Build();
        var silo = new SiloUnderConstruction(configuration);
        configure?.Invoke(silo);
        silo.AddFaultTolerance();
        return silo.Services.BuildServiceProvider().GetRequiredService<IOptions<HostOptions>>().Value.ShutdownTimeout;
    }
}
