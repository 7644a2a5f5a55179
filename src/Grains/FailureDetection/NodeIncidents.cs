using FaultTolerance.Grains.Nodes;
using FaultTolerance.Storage;
using FaultTolerance.Storage.Events;
using Orleans.Serialization;

namespace FaultTolerance.Grains.FailureDetection;

/// <summary>The durable record of nodes' deaths: one incident each, written once and completed by recovery.</summary>
internal sealed class NodeIncidents(IDurableStore store, Serializer<IncidentSnapshot> incidents, LocalNode self)
{
    /// <summary>The kind of event that incidents are.</summary>
    public const string EventKind = "incident";

    /// <summary>How often an update is tried again because another writer came first.</summary>
    private const int MaxRaces = 20;

    public static string KeyOf(NodeIncarnation incarnation) => $"node/{incarnation}";

    /// <summary>Records a death, unless it is recorded already.</summary>
    /// <returns>The incident when this call has recorded it; otherwise null.</returns>
    public async Task<IncidentSnapshot?> AddAsync(DeathSentence sentence, CancellationToken cancellationToken)
    {
        var incident = new IncidentSnapshot
        {
            Key = KeyOf(sentence.Node.Incarnation),
            Kind = sentence.Kind,
            Node = sentence.Node.Row.Name,
            Incarnation = sentence.Node.Incarnation,
            At = store.Now,
            Evidence = sentence.Evidence,
            Reporter = self.Name,
        };
        var isMine = await store.AddEventAsync(RowOf(incident), cancellationToken);
        return isMine ? incident : null;
    }

    public async Task<IncidentSnapshot?> FindAsync(NodeIncarnation incarnation, CancellationToken cancellationToken) =>
        await store.ReadEventAsync(KeyOf(incarnation), cancellationToken) is { } row ? incidents.Deserialize(row.Body) : null;

    /// <summary>Returns the newest incidents, newest first.</summary>
    public async Task<IReadOnlyList<IncidentSnapshot>> ListAsync(int limit, CancellationToken cancellationToken) =>
        [.. (await store.ListEventsAsync(EventKind, limit, cancellationToken)).Select(row => incidents.Deserialize(row.Body)!)];

    /// <summary>Changes a recorded incident.</summary>
    /// <returns>The incident as it is afterwards; null when there is none, or others kept changing it.</returns>
    public async Task<IncidentSnapshot?> UpdateAsync(
        NodeIncarnation incarnation, Func<IncidentSnapshot, IncidentSnapshot> change, CancellationToken cancellationToken)
    {
        for (var race = 0; race < MaxRaces; race++)
        {
            if (await store.ReadEventAsync(KeyOf(incarnation), cancellationToken) is not { } row)
            {
                return null;
            }

            var before = incidents.Deserialize(row.Body)!;
            var after = change(before);
            if (after == before || await store.UpdateEventAsync(RowOf(after), row.Token, cancellationToken))
            {
                return after;
            }
        }

        return null;
    }

    private EventRow RowOf(IncidentSnapshot incident) => new()
    {
        Key = incident.Key,
        Kind = EventKind,
        Token = store.NewToken(),
        Body = incidents.SerializeToArray(incident),
    };
}
