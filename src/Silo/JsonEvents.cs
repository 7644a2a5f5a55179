using System.Text.Json;
using FaultTolerance.Grains.Telemetry;

namespace FaultTolerance.Silo;

/// <summary>Writes what changes in the cluster to standard output, one JSON object a line, for the process that drives this silo.</summary>
internal sealed class JsonEvents(TextWriter output, IHostApplicationLifetime lifetime) : IClusterEvents
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web);

    /// <summary>Tells it once the host has started, which serves HTTP last: whoever is told that the silo is ready may ask for its health at once.</summary>
    public void OnNodeJoined(NodeInfo node) => lifetime.ApplicationStarted.Register(() => Write("ready", node));

    public void OnLeaseLost(NodeInfo node) => Write("lease-lost", node);

    public void OnLeaseRegained(NodeInfo node) => Write("lease-regained", node);

    public void OnNodeQuarantined(NodeInfo node, NodeOrder order) => Write("quarantined", node, order.Reason);

    public void OnNodeReleased(NodeInfo node) => Write("released", node);

    public void OnDrainStarted(NodeInfo node) => Write("drain-started", node);

    public void OnNodeLeft(NodeInfo node) => Write("left", node);

    public void OnNodeSuspected(NodeInfo node, string reason) => Write("suspected", node, reason);

    public void OnNodeAliveAgain(NodeInfo node) => Write("alive-again", node);

    public void OnNodeDead(IncidentSnapshot incident) => Write("dead", incident);

    public void OnRecoveryStarted(IncidentSnapshot incident) => Write("recovery-started", incident);

    public void OnRecoveryCompleted(IncidentSnapshot incident) => Write("recovered", incident);

    public void OnRecoveryOverdue(IncidentSnapshot incident) => Write("recovery-overdue", incident);

    public void OnAttemptOverdue(IncidentSnapshot incident) => Write("attempt-overdue", incident);

    public void OnActorAliveAgain(IncidentSnapshot incident) => Write("actor-alive-again", incident);

    public void OnIncident(IncidentSnapshot incident) => Write("incident", incident);

    private void Write(string name, NodeInfo node, string? reason = null) =>
        Write(new { @event = name, node = node.Name, incarnation = node.Incarnation.ToString(), reason });

    private void Write(string name, IncidentSnapshot incident) => Write(new
    {
        @event = name,
        key = incident.Key,
        entity = incident.Entity.ToString(),
        node = incident.Node,
        incarnation = incident.Incarnation.ToString(),
        kind = incident.Kind.ToString(),
        evidence = incident.Evidence,
        reporter = incident.Reporter,
        at = incident.At,
        recoveredAt = incident.RecoveredAt,
        attemptsAffected = incident.AttemptsAffected,
    });

    private void Write(object told)
    {
        var line = JsonSerializer.Serialize(told, Format);
        lock (output)
        {
            output.WriteLine(line);
            output.Flush();
        }
    }
}
