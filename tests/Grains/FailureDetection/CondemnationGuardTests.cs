using FaultTolerance.Grains.FailureDetection;

namespace FaultTolerance.Grains.Tests.FailureDetection;

/// <summary>When ended leases may be held against their nodes. The lease is 5 s, renewed each second.</summary>
public sealed class CondemnationGuardTests
{
    private readonly CondemnationGuard _guard = new(TimeSpan.FromSeconds(5));
    private int _clockSteps;

    [Fact]
    public void A_node_that_has_not_renewed_condemns_nobody() => Assert.False(MayCondemn(100));

    [Fact]
    public void A_node_that_has_just_started_condemns_nobody_for_one_lease()
    {
        Renew(10, 11, 12, 13, 14);

        Assert.False(MayCondemn(14.999));
        Assert.True(MayCondemn(15));
    }

    [Fact]
    public void Without_renewals_of_its_own_it_condemns_nobody()
    {
        Renew(10, 11, 12, 13, 14, 15);

        Assert.True(MayCondemn(17.5));
        Assert.False(MayCondemn(17.501));
    }

    [Fact]
    public void After_an_outage_of_the_store_everybody_has_one_lease()
    {
        Renew(10, 11, 12, 13, 14, 15);
        Renew(45, 46, 47, 48, 49);

        Assert.False(MayCondemn(49.999));
        Assert.True(MayCondemn(50));
    }

    [Fact]
    public void A_renewal_that_was_merely_slow_changes_nothing()
    {
        Renew(10, 11, 12, 13, 14, 15, 17.5);

        Assert.True(MayCondemn(17.5));
    }

    [Fact]
    public void After_a_step_of_the_clock_of_the_store_everybody_has_one_lease()
    {
        Renew(10, 11, 12, 13, 14, 15);
        Assert.True(MayCondemn(15));
        _clockSteps = 1;

        Assert.False(MayCondemn(15.5));
        Renew(16, 17, 18, 19, 20);
        Assert.False(MayCondemn(20.499));
        Assert.True(MayCondemn(20.5));
    }

    [Fact]
    public void It_is_cut_off_when_its_own_renewal_is_older_than_half_a_lease()
    {
        Assert.True(IsCutOff(10));
        Renew(10);

        Assert.False(IsCutOff(12.5));
        Assert.True(IsCutOff(12.501));
    }

    private bool IsCutOff(double time) => _guard.IsCutOff(TimeSpan.FromSeconds(time));

    private void Renew(params double[] times)
    {
        foreach (var time in times)
        {
            _guard.Renewed(TimeSpan.FromSeconds(time));
        }
    }

    private bool MayCondemn(double time) => _guard.MayCondemn(TimeSpan.FromSeconds(time), _clockSteps);
}
