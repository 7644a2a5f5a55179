using System.Globalization;
using FaultTolerance.Cli.Live;
using FaultTolerance.Testing.Chaos;

namespace FaultTolerance.Cli.Chaos;

/// <summary>Puts on the board what a chaos run does.</summary>
internal sealed class ChaosTold(LiveBoard board, int planned) : IChaosWitness
{
    public void OnStruck(ChaosFault fault, IReadOnlyList<string> nodes)
    {
        var whom = nodes.Count > 0 ? string.Join(", ", nodes) : "the store";
        var length = fault.Length > TimeSpan.Zero ? string.Create(CultureInfo.InvariantCulture, $" for {fault.Length.TotalSeconds:0.0} s") : "";
        board.Add(TimelineKind.Fault, $"fault {fault.Number} of {planned}, {ChaosNames.Of(fault.Kind)}: {whom} {Verb(fault)}{length}; {Expectation(fault.Fate)}");
    }

    public void OnFalseDeath(string node) => board.Add(TimelineKind.Fault, $"FALSE DEATH: {node} was declared dead, and nothing explains it");

    public void OnEnded(ChaosRecord record)
    {
        board.CountFaults(record.Fault.Number, planned);
        board.Add(
            record.Problem is null ? TimelineKind.Recovered : TimelineKind.Fault,
            $"fault {record.Fault.Number} is over{Detections(record)}{Ended(record)}; {record.Problem ?? "the cluster is whole again"}");
    }

    private static string Detections(ChaosRecord record) => string.Concat(record.Struck
        .Where(strike => strike.Detection is not null)
        .Select(strike => string.Create(CultureInfo.InvariantCulture, $", {strike.Node} was dead after {strike.Detection!.Value.TotalSeconds:0.00} s")));

    private static string Ended(ChaosRecord record) => record.WasEnded ? ", it stood still with the store's lock and was ended for that" : "";

    private static string Verb(ChaosFault fault) => fault.Kind switch
    {
        ChaosKind.Kill or ChaosKind.KillMost or ChaosKind.KillAll => "killed (SIGKILL)",
        ChaosKind.KillDetector => "killed (SIGKILL), with the failure detector on it",
        ChaosKind.PauseShort or ChaosKind.PauseAround or ChaosKind.PauseLong => "paused (SIGSTOP)",
        ChaosKind.Terminate => "asked to leave (SIGTERM)",
        ChaosKind.Drain => "ordered to drain",
        ChaosKind.StoreStop => "stopped",
        ChaosKind.StoreFreeze => "frozen",
        ChaosKind.StoreRestart => "crashed and started again",
        ChaosKind.NetworkCut => "cut off from everybody",
        ChaosKind.NetworkOneWay => fault.Network!.Direction == Testing.Networks.NetworkDirection.In ? "does not hear the others" : "is not heard by the others",
        ChaosKind.NetworkPeers => "cut off from the others",
        ChaosKind.NetworkStore => "cut off from the store",
        ChaosKind.NetworkLoss => string.Create(CultureInfo.InvariantCulture, $"lose {ChaosPlan.LossPercent} % of what is sent to them"),
        _ => "reach nobody",
    };

    private static string Expectation(ChaosFate fate) => fate switch
    {
        ChaosFate.MustDie => "must be found dead",
        ChaosFate.MayDie => "may be found dead",
        ChaosFate.MustLeave => "must leave in order",
        _ => "nobody may be found dead",
    };
}
