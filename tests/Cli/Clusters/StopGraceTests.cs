using FaultTolerance.Cli.Clusters;
using FaultTolerance.Grains.Nodes;

namespace FaultTolerance.Cli.Tests.Clusters;

public sealed class StopGraceTests
{
    [Fact]
    public void A_silo_has_five_seconds_more_than_its_host_gives_it_to_leave()
    {
        Assert.Equal(TimeSpan.FromSeconds(45), ClusterSupervisor.DefaultStopGrace);
        Assert.Equal(ClusterSupervisor.DefaultStopGrace, new ClusterState { Phase = ClusterPhase.Running, Supervisor = ProcessIdentity.OfThisProcess(), StartedAt = default }.StopGrace);
    }
}
