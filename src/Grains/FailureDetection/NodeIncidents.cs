using FaultTolerance.Grains.History;
using FaultTolerance.Storage;

namespace FaultTolerance.Grains.FailureDetection;

/// <summary>The durable record of nodes' deaths: one incident each, written once and completed by recovery.</summary>
internal sealed class NodeIncidents(IDurableStore store, IncidentLog log)
{
    public static string KeyOf(NodeIncarnation incarnation) => $"node/{incarnation}";

    /// <summary>Records a death, unless it is recorded already.</summary>
    /// <returns>The incident when this call has recorded it; otherwise null.</returns>
    public Task<IncidentSnapshot?> AddAsync(DeathSentence sentence, CancellationToken cancellationToken) => log.AddAsync(
        new IncidentSnapshot
        {
            Key = KeyOf(sentence.Node.Incarnation),
            Entity = FailedEntity.Node,
            Kind = sentence.Kind,
            Node = sentence.Node.Row.Name,
            Incarnation = sentence.Node.Incarnation,
            At = store.Now,
            Evidence = sentence.Evidence,
        },
        cancellationToken);

    public Task<IncidentSnapshot?> FindAsync(NodeIncarnation incarnation, CancellationToken cancellationToken) =>
        log.FindAsync(KeyOf(incarnation), cancellationToken);

    /// <inheritdoc cref="IncidentLog.UpdateAsync"/>
    public Task<IncidentSnapshot?> UpdateAsync(
        NodeIncarnation incarnation, Func<IncidentSnapshot, IncidentSnapshot> change, CancellationToken cancellationToken) =>
        log.UpdateAsync(KeyOf(incarnation), change, cancellationToken);

    /// <inheritdoc cref="IncidentLog.Note"/>
    public IncidentSnapshot Note(IncidentSnapshot incident, string what) => log.Note(incident, what);
}
