using FaultTolerance.Grains.Tasks;

namespace FaultTolerance.Grains.Scheduling;

/// <summary>Counts how attempts end on this node, by handler: the evidence by which a node that fails what others can run is found.</summary>
internal sealed class HandlerTallies
{
    /// <summary>How many handlers are told apart; those that come later are not counted.</summary>
    public const int MaxHandlers = 200;

    private readonly Dictionary<string, HandlerTally> _tallies = [];

    public IReadOnlyList<HandlerTally> All => [.. _tallies.Values];

    public void Count(TaskState task, AttemptEvent end)
    {
        var (succeeded, failed) = end switch
        {
            AttemptSucceeded => (1, 0),
            AttemptFailed { Failure.Kind: FailureKind.UserException or FailureKind.Timeout or FailureKind.HeartbeatTimeout or FailureKind.OutOfMemory or FailureKind.InvalidResult } => (0, 1),
            _ => (0, 0),
        };
        var handler = task.Spec.HandlerKey;
        if (succeeded + failed == 0 || (_tallies.Count == MaxHandlers && !_tallies.ContainsKey(handler)))
        {
            return;
        }

        var before = _tallies.GetValueOrDefault(handler);
        _tallies[handler] = new HandlerTally(handler, before.Succeeded + succeeded, before.Failed + failed);
    }
}
