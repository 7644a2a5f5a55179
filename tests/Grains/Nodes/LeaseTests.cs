using FaultTolerance.Grains.Nodes;

namespace FaultTolerance.Grains.Tests.Nodes;

public sealed class LeaseTests
{
    private readonly Lease _lease = new(Seconds(5));

    [Fact]
    public void A_lease_that_was_never_granted_is_not_held()
    {
        Assert.False(_lease.IsHeld(Seconds(0)));
        Assert.Equal(TimeSpan.Zero, _lease.Remaining(Seconds(0)));
    }

    [Fact]
    public void A_lease_counts_from_before_its_renewal_was_sent()
    {
        _lease.Renew(sent: Seconds(10));

        Assert.True(_lease.IsHeld(Seconds(15) - TimeSpan.FromTicks(1)));
        Assert.False(_lease.IsHeld(Seconds(15)));
        Assert.Equal(Seconds(3), _lease.Remaining(Seconds(12)));
    }

    [Fact]
    public void A_renewal_whose_answer_came_too_late_is_worth_what_is_left_of_it()
    {
        _lease.Renew(sent: Seconds(10));

        Assert.False(_lease.IsHeld(Seconds(16)));
        _lease.Renew(sent: Seconds(13));

        Assert.Equal(Seconds(2), _lease.Remaining(Seconds(16)));
    }

    [Fact]
    public void An_answer_to_an_older_renewal_shortens_nothing()
    {
        _lease.Renew(sent: Seconds(12));
        _lease.Renew(sent: Seconds(10));

        Assert.Equal(Seconds(5), _lease.Remaining(Seconds(12)));
    }

    [Fact]
    public void A_lease_that_was_given_up_is_not_held()
    {
        _lease.Renew(sent: Seconds(10));
        _lease.GiveUp();

        Assert.False(_lease.IsHeld(Seconds(11)));
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
