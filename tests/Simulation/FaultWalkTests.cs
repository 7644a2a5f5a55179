using FaultTolerance.Testing;
using FaultTolerance.Testing.Simulation;

namespace FaultTolerance.Simulation.Tests;

/// <summary>One fault at the first call to the store, then at the second, and so on until the run has no call left to hit: every point is proven.</summary>
public sealed class FaultWalkTests
{
    private const int Seed = 1;

    private static readonly SimulationOptions AfterADeath = SimulationOptions.Calm with { Death = TimeSpan.FromSeconds(2) };

    [Fact]
    public void A_run_in_which_nothing_goes_wrong_is_clean_and_retries_only_what_throws()
    {
        var report = SimulationRun.Of(Seed, SimulationOptions.Calm);

        Assert.True(report.IsClean, report.ToString());
        Assert.Equal(0, report.Faults.Crashes + report.Faults.CallsFailed + report.Faults.NodesEnded);
    }

    [Theory]
    [InlineData(nameof(CrashMoment.BeforeItIsSent))]
    [InlineData(nameof(CrashMoment.BeforeItLands))]
    [InlineData(nameof(CrashMoment.BeforeItsAnswer))]
    [InlineData(nameof(CrashMoment.AfterItsAnswer))]
    public void A_process_may_die_at_any_call_to_the_store(string moment) =>
        Walk(call => new ScriptedFault(call) { Crash = Enum.Parse<CrashMoment>(moment) });

    [Theory]
    [InlineData(InjectedFault.Unreachable)]
    [InlineData(InjectedFault.RequestLost)]
    [InlineData(InjectedFault.ReplyLost)]
    [InlineData(InjectedFault.LandsLate)]
    [InlineData(InjectedFault.Contention)]
    public void Any_call_to_the_store_may_go_wrong(InjectedFault fault) => Walk(call => new ScriptedFault(call) { Fault = fault });

    [Theory]
    [InlineData(nameof(CrashMoment.BeforeItIsSent))]
    [InlineData(nameof(CrashMoment.BeforeItLands))]
    [InlineData(nameof(CrashMoment.BeforeItsAnswer))]
    [InlineData(nameof(CrashMoment.AfterItsAnswer))]
    public void A_process_may_die_at_any_call_that_renews_a_lease_or_recovers_another(string moment) =>
        Walk(call => new ScriptedFault(call) { IsOutsidePipelines = true, Crash = Enum.Parse<CrashMoment>(moment) }, AfterADeath);

    [Theory]
    [InlineData(InjectedFault.Unreachable)]
    [InlineData(InjectedFault.RequestLost)]
    [InlineData(InjectedFault.ReplyLost)]
    [InlineData(InjectedFault.LandsLate)]
    [InlineData(InjectedFault.Contention)]
    public void Any_call_that_renews_a_lease_or_recovers_another_may_go_wrong(InjectedFault fault) =>
        Walk(call => new ScriptedFault(call) { IsOutsidePipelines = true, Fault = fault }, AfterADeath);

    private static void Walk(Func<int, ScriptedFault> script) => Walk(script, SimulationOptions.Calm);

    private static void Walk(Func<int, ScriptedFault> script, SimulationOptions options)
    {
        SimulationReport report;
        var call = 0;
        do
        {
            report = SimulationRun.Of(Seed, options with { Script = script(++call) });

            Assert.True(report.IsClean, $"At call {call}: {report}");
        }
        while (call < report.Calls);

        Assert.True(call > 100, $"The walk was over after {call} calls.");
    }
}
