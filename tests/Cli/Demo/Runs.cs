using FaultTolerance.Cli.Demo;
using FaultTolerance.Testing.Checking;

namespace FaultTolerance.Cli.Tests.Demo;

/// <summary>Results of runs to be changed by a test.</summary>
internal static class Runs
{
    public static DemoVictim Victim { get; } = new()
    {
        Node = "silo-2",
        Signal = KillSignal.Kill,
        At = TimeSpan.FromSeconds(4.5),
        AttemptsHit = 6,
        Detection = TimeSpan.FromSeconds(1.25),
        Recovery = TimeSpan.FromSeconds(1.5),
    };

    public static InvariantsReport Tasks { get; } = new()
    {
        Accepted = 4_000,
        Succeeded = 4_000,
        Retries = new Dictionary<FailureKind, long> { [FailureKind.Crash] = 6, [FailureKind.NodeLost] = 1 },
    };

    public static DemoResult Right { get; } = new()
    {
        Tasks = Tasks,
        ManifestMatches = true,
        Kill = KillTarget.One,
        Victims = [Victim],
        Elapsed = TimeSpan.FromSeconds(8),
    };
}
