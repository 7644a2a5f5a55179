using System.Globalization;
using System.Runtime.CompilerServices;
using FaultTolerance.Testing;
using FaultTolerance.Testing.Simulation;

namespace FaultTolerance.Simulation.Tests;

/// <summary>One fault at the first call to the store, then at the second, and so on until the run has no call left to hit: every point is proven.</summary>
/// <remarks>One call alone: <c>FT_SIMULATION_CALL=N</c> and the filter that a failure prints; with <c>FT_SIMULATION_TRACE=1</c> every step is printed.</remarks>
public sealed class FaultWalkTests(ITestOutputHelper output)
{
    private const int Seed = 1;

    private static readonly SimulationOptions AfterADeath = SimulationOptions.Calm with { Death = TimeSpan.FromSeconds(2) };

    [Fact]
    public void A_run_in_which_nothing_goes_wrong_is_clean_and_retries_only_what_throws()
    {
        var report = SimulationRun.Of(Seed, SimulationOptions.Calm with { Replay = ReplayOf(nameof(A_run_in_which_nothing_goes_wrong_is_clean_and_retries_only_what_throws)) });

        Assert.True(report.IsClean, report.ToString());
        Assert.Equal(0, report.Faults.Crashes + report.Faults.CallsFailed + report.Faults.NodesEnded);
    }

    [Theory]
    [InlineData(nameof(CrashMoment.BeforeItIsSent))]
    [InlineData(nameof(CrashMoment.BeforeItLands))]
    [InlineData(nameof(CrashMoment.BeforeItsAnswer))]
    [InlineData(nameof(CrashMoment.AfterItsAnswer))]
    public void A_process_may_die_at_any_call_to_the_store(string moment) =>
        Walk(call => new ScriptedFault(call) { Crash = Enum.Parse<CrashMoment>(moment) }, SimulationOptions.Calm, moment);

    [Theory]
    [InlineData(InjectedFault.Unreachable)]
    [InlineData(InjectedFault.RequestLost)]
    [InlineData(InjectedFault.ReplyLost)]
    [InlineData(InjectedFault.LandsLate)]
    [InlineData(InjectedFault.Contention)]
    public void Any_call_to_the_store_may_go_wrong(InjectedFault fault) =>
        Walk(call => new ScriptedFault(call) { Fault = fault }, SimulationOptions.Calm, fault.ToString());

    [Theory]
    [InlineData(nameof(CrashMoment.BeforeItIsSent))]
    [InlineData(nameof(CrashMoment.BeforeItLands))]
    [InlineData(nameof(CrashMoment.BeforeItsAnswer))]
    [InlineData(nameof(CrashMoment.AfterItsAnswer))]
    public void A_process_may_die_at_any_call_that_renews_a_lease_or_recovers_another(string moment) =>
        Walk(call => new ScriptedFault(call) { IsOutsidePipelines = true, Crash = Enum.Parse<CrashMoment>(moment) }, AfterADeath, moment);

    [Theory]
    [InlineData(InjectedFault.Unreachable)]
    [InlineData(InjectedFault.RequestLost)]
    [InlineData(InjectedFault.ReplyLost)]
    [InlineData(InjectedFault.LandsLate)]
    [InlineData(InjectedFault.Contention)]
    public void Any_call_that_renews_a_lease_or_recovers_another_may_go_wrong(InjectedFault fault) =>
        Walk(call => new ScriptedFault(call) { IsOutsidePipelines = true, Fault = fault }, AfterADeath, fault.ToString());

    [Fact]
    public void A_point_of_a_walk_that_breaks_is_told_with_the_command_that_repeats_it()
    {
        var options = SimulationOptions.Calm with { Groups = 30, Engine = engine => new PlantedBugs.EarlyWakeEngine(engine) };
        var fault = new ScriptedFault(17) { Crash = CrashMoment.BeforeItLands };

        var report = Point(fault, options, nameof(CrashMoment.BeforeItLands), nameof(A_process_may_die_at_any_call_to_the_store), isPrinting: false);

        const string Command = "FT_SIMULATION_CALL=17 dotnet test tests/Simulation --filter \"FullyQualifiedName~A_process_may_die_at_any_call_to_the_store&DisplayName~BeforeItLands\"";
        Assert.Contains($"\nRun it again: {Command}\nRead every step: FT_SIMULATION_TRACE=1 {Command}\n", report.ToString(), StringComparison.Ordinal);
    }

    private void Walk(Func<int, ScriptedFault> script, SimulationOptions options, string what, [CallerMemberName] string test = "")
    {
        var isPrinting = Environment.GetEnvironmentVariable(SimulationReport.TraceVariable) is not null;
        if (Environment.GetEnvironmentVariable(SimulationReport.CallVariable) is { } chosen)
        {
            CheckPoint(int.Parse(chosen, CultureInfo.InvariantCulture));
            return;
        }

        var call = 0;
        while (CheckPoint(++call).Calls > call)
        {
        }

        Assert.True(call > 100, $"The walk was over after {call} calls.");

        SimulationReport CheckPoint(int at)
        {
            var report = Point(script(at), options, what, test, isPrinting);
            Assert.True(report.IsClean, $"At call {at}: {report}");
            return report;
        }
    }

    private SimulationReport Point(ScriptedFault fault, SimulationOptions options, string what, string test, bool isPrinting) => SimulationRun.Of(
        Seed,
        options with
        {
            Script = fault,
            Replay = $"{SimulationReport.CallVariable}={fault.Call} {ReplayOf($"\"FullyQualifiedName~{test}&DisplayName~{what}\"")}",
            Print = isPrinting ? output.WriteLine : null,
        });

    private static string ReplayOf(string filter) => $"dotnet test tests/Simulation --filter {filter}";
}
