using FaultTolerance.Grains.Execution;
using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Scheduling;
using FaultTolerance.Grains.Tasks;
using FaultTolerance.Grains.Tests.Tasks;

namespace FaultTolerance.Grains.Tests.Execution;

/// <summary>Who gets to say how an attempt ended, when its handler ends at the very moment at which it is given up on.</summary>
public sealed class AttemptTests
{
    private readonly List<PipelineEvent> _posted = [];

    [Fact]
    public void Who_comes_second_is_told_so_only_after_the_first_report_is_posted()
    {
        var givenUp = Ended(keepsSlot: true);
        var freed = new SlotFreed(givenUp.Task, 1);
        Attempt attempt = null!;
        Thread handler = new(() =>
        {
            if (!attempt.TryReport(Ended()))
            {
                attempt.Post(freed);
            }
        });
        using var _ = attempt = NewAttempt(happened =>
        {
            if (happened == givenUp)
            {
                // The handler ends in the middle of the report: it has to wait, or else its slot's return would be posted first.
                handler.Start();
                Assert.True(SpinWait.SpinUntil(() => handler.ThreadState is ThreadState.WaitSleepJoin or ThreadState.Stopped, TimeSpan.FromMinutes(1)));
            }

            _posted.Add(happened);
        });

        Assert.True(attempt.TryReport(givenUp));
        handler.Join();

        Assert.Equal([givenUp, freed], _posted);
    }

    [Fact]
    public void Only_the_first_report_is_posted()
    {
        using var attempt = NewAttempt(_posted.Add);
        var first = Ended();

        Assert.True(attempt.TryReport(first));
        Assert.False(attempt.TryReport(Ended(keepsSlot: true)));

        Assert.Equal([first], _posted);
    }

    private static Attempt NewAttempt(Action<PipelineEvent> post)
    {
        var clock = new AwakeClock(new MonotonicClock(TimeProvider.System), TimeProvider.System); // never started: there is nothing to dispose of
        return new Attempt(TaskLives.Running(), TimeSpan.FromHours(1), null, TimeSpan.FromHours(1), _ => { }, post, clock, TimeProvider.System);
    }

    private static AttemptEnded Ended(bool keepsSlot = false) =>
        new(TaskLives.Running().Id, new AttemptReleased(1, NodeIncarnation.None, "node", null), KeepsSlot: keepsSlot);
}
