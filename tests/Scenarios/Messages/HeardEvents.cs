using FaultTolerance.Grains.Telemetry;

namespace FaultTolerance.Scenarios.Tests.Messages;

/// <summary>Hears what changes in the cluster, and lets a test wait for it.</summary>
internal sealed class HeardEvents : IClusterEvents
{
    private readonly Lock _lock = new();
    private readonly Dictionary<NodeIncarnation, int> _open = [];
    private readonly Dictionary<NodeIncarnation, IncidentSnapshot> _recovered = [];
    private readonly HashSet<NodeIncarnation> _quarantined = [];
    private TaskCompletionSource _changed = New();

    /// <summary>Waits until every suspicion of a node has been answered.</summary>
    public Task TrustedAsync(NodeIncarnation node) => UntilAsync(() => _open.GetValueOrDefault(node) == 0);

    /// <summary>Waits until a node is quarantined, or is not any more.</summary>
    public Task QuarantinedAsync(NodeIncarnation node, bool isQuarantined) => UntilAsync(() => _quarantined.Contains(node) == isQuarantined);

    /// <summary>Waits until a dead node is recovered.</summary>
    public async Task<IncidentSnapshot> RecoveredAsync(NodeIncarnation node)
    {
        await UntilAsync(() => _recovered.ContainsKey(node));
        return _recovered[node];
    }

    public void OnNodeSuspected(NodeInfo node, string reason) => Change(() => _open[node.Incarnation] = _open.GetValueOrDefault(node.Incarnation) + 1);

    public void OnNodeAliveAgain(NodeInfo node) => Change(() => _open[node.Incarnation]--);

    public void OnRecoveryCompleted(IncidentSnapshot incident) => Change(() => _recovered.Add(incident.Incarnation, incident));

    public void OnNodeQuarantined(NodeInfo node, NodeOrder order) => Change(() => _quarantined.Add(node.Incarnation));

    public void OnNodeReleased(NodeInfo node) => Change(() => _quarantined.Remove(node.Incarnation));

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Change(Action change)
    {
        lock (_lock)
        {
            change();
            _changed.SetResult();
            _changed = New();
        }
    }

    private async Task UntilAsync(Func<bool> holds)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (holds())
                {
                    return;
                }

                changed = _changed.Task;
            }

            await changed;
        }
    }
}
