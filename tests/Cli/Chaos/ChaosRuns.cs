using FaultTolerance.Cli.Chaos;
using FaultTolerance.Testing.Chaos;
using FaultTolerance.Testing.Checking;

namespace FaultTolerance.Cli.Tests.Chaos;

/// <summary>Results of chaos runs to be changed by a test.</summary>
internal static class ChaosRuns
{
    public static ChaosRecord Killed { get; } = new()
    {
        Fault = new ChaosFault(1, ChaosKind.Kill, [1], TimeSpan.Zero, null),
        Struck = [new ChaosStrike("silo-2", new NodeIncarnation(1), DateTimeOffset.UnixEpoch) { Detection = TimeSpan.FromSeconds(0.25) }],
    };

    public static ChaosRecord Paused { get; } = new()
    {
        Fault = new ChaosFault(2, ChaosKind.PauseShort, [0], TimeSpan.FromSeconds(2), null),
        Struck = [new ChaosStrike("silo-1", new NodeIncarnation(2), DateTimeOffset.UnixEpoch)],
    };

    public static ChaosResult Right { get; } = new()
    {
        Seed = 42,
        Tasks = new InvariantsReport { Accepted = 500, Succeeded = 500 },
        Faults = [Killed, Paused],
        LeftOut = Enum.GetValues<ChaosKind>().Where(kind => kind >= ChaosKind.StoreStop).ToDictionary(kind => kind, _ => "There is none."),
        Restarts = new Dictionary<NodeIncarnation, RestartTime> { [new(1)] = new(TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(1.5), 3) },
        LeakedSlots = 0,
        Elapsed = TimeSpan.FromSeconds(20),
    };
}
