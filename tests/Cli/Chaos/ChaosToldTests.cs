using FaultTolerance.Cli.Chaos;
using FaultTolerance.Cli.Live;

namespace FaultTolerance.Cli.Tests.Chaos;

public sealed class ChaosToldTests
{
    private readonly LiveBoard _board = new("chaos", TimeProvider.System);

    [Fact]
    public void A_fault_that_is_over_tells_how_soon_whom_it_killed()
    {
        new ChaosTold(_board, planned: 2).OnEnded(ChaosRuns.Killed);

        Assert.Equal("fault 1 is over, silo-2 was dead after 0.25 s; the cluster is whole again", Last());
    }

    [Fact]
    public void A_silo_that_was_ended_because_it_stood_still_with_a_lock_is_told_as_such()
    {
        new ChaosTold(_board, planned: 2).OnEnded(ChaosRuns.Paused with { WasEnded = true });

        Assert.Equal("fault 2 is over, it stood still with the store's lock and was ended for that; the cluster is whole again", Last());
    }

    private string Last() => _board.Read().Timeline[^1].Text;
}
