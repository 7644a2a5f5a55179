using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Recovery;
using FaultTolerance.Grains.Tests.Nodes;

namespace FaultTolerance.Grains.Tests.Recovery;

public sealed class SweepRhythmTests
{
    private static readonly DateTimeOffset Loss = NodeFacts.Now;

    private readonly LabTime _time = new(NodeFacts.Now);
    private readonly SweepRhythm _rhythm;

    public SweepRhythmTests() => _rhythm = new SweepRhythm(new MonotonicClock(_time), TimeSpan.FromSeconds(30));

    [Fact]
    public void A_round_is_due_at_once_and_then_an_interval_after_it_ended()
    {
        Assert.True(_rhythm.TryBegin());
        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.True(_rhythm.TryBegin()); // the same round
        _rhythm.EndRound();

        _time.Advance(TimeSpan.FromSeconds(29.999));
        Assert.False(_rhythm.TryBegin());
        _time.Advance(TimeSpan.FromSeconds(0.001));
        Assert.True(_rhythm.TryBegin());
    }

    [Fact]
    public void A_loss_brings_one_round()
    {
        _rhythm.TryBegin();
        _rhythm.EndRound();

        Assert.True(_rhythm.TryBegin(Loss));
        _rhythm.EndRound();

        Assert.False(_rhythm.TryBegin(Loss));
        Assert.True(_rhythm.TryBegin(Loss.AddSeconds(1)));
    }

    [Fact]
    public void A_loss_during_a_round_brings_another_one()
    {
        _rhythm.TryBegin();
        _rhythm.TryBegin(Loss);
        _rhythm.EndRound();

        Assert.True(_rhythm.TryBegin(Loss));
    }

    [Fact]
    public void A_look_that_failed_to_tell_of_losses_is_no_loss()
    {
        _rhythm.TryBegin(Loss);
        _rhythm.EndRound();

        Assert.False(_rhythm.TryBegin());
        Assert.False(_rhythm.TryBegin(Loss));
    }
}
