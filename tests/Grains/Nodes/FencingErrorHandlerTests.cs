using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Scheduling;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace FaultTolerance.Grains.Tests.Nodes;

public sealed class FencingErrorHandlerTests
{
    [Fact]
    public async Task When_Orleans_ends_a_silo_its_node_is_fenced_before_the_process_ends()
    {
        await using var lab = await StoreLab.OpenAsync();
        await using var agent = lab.Agent();
        await agent.JoinAsync(CancellationToken.None);
        await agent.ActivateAsync(CancellationToken.None);
        await using var services = new ServiceCollection().AddSingleton(agent).BuildServiceProvider();
        lab.Pipeline.OnPost = _ => Assert.Empty(lab.ProcessEnd.Reasons);

        new FencingErrorHandler(services, lab.ProcessEnd, NullLogger<FencingErrorHandler>.Instance).OnFatalException(this, "It was declared dead.");

        Assert.Equal(new LeaseChanged(false), lab.Pipeline.Lease);
        Assert.Equal(["It was declared dead."], lab.ProcessEnd.Reasons);
    }

    [Fact]
    public async Task A_silo_that_fails_before_its_node_was_made_ends_all_the_same()
    {
        await using var lab = await StoreLab.OpenAsync();
        await using var services = new ServiceCollection().BuildServiceProvider();
        var handler = new FencingErrorHandler(services, lab.ProcessEnd, NullLogger<FencingErrorHandler>.Instance);

        handler.OnFatalException(exception: new InvalidOperationException("It broke."));

        Assert.Equal(["It broke."], lab.ProcessEnd.Reasons);
        Assert.True(handler.IsUnexpected(new InvalidOperationException()));
    }
}
