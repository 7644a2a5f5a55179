using System.Collections.Concurrent;
using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Telemetry;
using FaultTolerance.Storage;
using FaultTolerance.Storage.Events;
using Microsoft.Extensions.Logging;
using Orleans.Serialization;

namespace FaultTolerance.Grains.History;

/// <summary>The durable record of failures of every kind: each is written once under its key, and changed by conditional writes.</summary>
/// <remarks>
/// What a newer version recorded about a thing that this one does not know, or in a form that it cannot read, is told of once, shown as far as it can
/// be read, and never written: that would lose what this version does not know. A record about a known thing is written; unknown fields of it are lost.
/// </remarks>
internal sealed partial class IncidentLog(
    IDurableStore store, Serializer<IncidentSnapshot> incidents, IncidentInstruments instruments, LocalNode self, ILogger<IncidentLog> logger)
{
    /// <summary>The kind of event that incidents are.</summary>
    public const string EventKind = "incident";

    /// <summary>From the time that a record has to when it is there for all to read, at the most.</summary>
    /// <remarks>
    /// SQLite takes the time under its write lock, so that the two orders are one. PostgreSQL takes it in the statement that inserts,
    /// and nothing lets one wait for longer than the statement's own limit of some seconds. The rest is for the error of this process' idea of the store's time.
    /// </remarks>
    private static readonly TimeSpan CommitLimit = TimeSpan.FromMinutes(1);

    /// <summary>How often an update is tried again because another writer came first.</summary>
    private const int MaxRaces = 20;

    /// <summary>How many strange records are remembered as told of; beyond it they are not told of at all.</summary>
    private const int MaxTold = 1_000;

    private readonly ConcurrentDictionary<string, bool> _told = new(StringComparer.Ordinal);

    /// <summary>Records a failure, unless it is recorded already. Who recorded it is filled in.</summary>
    /// <returns>The incident when this call has recorded it; otherwise null.</returns>
    public async Task<IncidentSnapshot?> AddAsync(IncidentSnapshot incident, CancellationToken cancellationToken)
    {
        incident = incident with { Reporter = self.Name };
        if (!await store.AddEventAsync(RowOf(incident), cancellationToken))
        {
            return null;
        }

        instruments.OnRecorded(incident);
        return incident;
    }

    /// <summary>Returns an incident; null when there is none under this key.</summary>
    public async Task<IncidentSnapshot?> FindAsync(string key, CancellationToken cancellationToken) =>
        await store.ReadEventAsync(key, cancellationToken) is { Kind: EventKind } row ? Read(row) : null;

    /// <summary>Returns the newest incidents, newest first.</summary>
    public async Task<IReadOnlyList<IncidentSnapshot>> ListAsync(int limit, CancellationToken cancellationToken) =>
        [.. (await store.ListEventsAsync(EventKind, limit, cancellationToken)).Select(Read)];

    /// <summary>Returns incidents in the order of their records, oldest first.</summary>
    public async Task<IncidentPage> ListAfterAsync(DateTimeOffset at, string? key, int limit, CancellationToken cancellationToken)
    {
        var settledAt = store.ClockReading - CommitLimit; // before the rows are read: what commits meanwhile is younger
        var rows = await store.ListEventsAfterAsync(EventKind, at, key, limit, cancellationToken);
        return new IncidentPage([.. rows.Select(row => new RecordedIncident(row.At, Read(row)))], settledAt, rows.Count == limit);
    }

    /// <summary>Changes a recorded incident, by as many conditional writes as it takes.</summary>
    /// <returns>The incident as it is afterwards; null when there is none, it is of a newer version, or others kept changing it.</returns>
    public async Task<IncidentSnapshot?> UpdateAsync(
        string key, Func<IncidentSnapshot, IncidentSnapshot> change, CancellationToken cancellationToken)
    {
        for (var race = 0; race < MaxRaces; race++)
        {
            if (await store.ReadEventAsync(key, cancellationToken) is not { } row || Read(row) is not { } before || !IsKnown(before.Entity))
            {
                return null;
            }

            var after = change(before);
            if (ReferenceEquals(after, before) || after == before || await store.UpdateEventAsync(RowOf(after), row.Token, cancellationToken))
            {
                return after;
            }
        }

        return null;
    }

    /// <summary>Returns the incident with one more action, done now by this node.</summary>
    public IncidentSnapshot Note(IncidentSnapshot incident, string what) => incident.With(store.Now, what, self.Name);

    /// <summary>Reads what stands in a row. One that cannot be read comes as <see cref="FailedEntity.Unknown"/>.</summary>
    public IncidentSnapshot Read(EventRow row)
    {
        IncidentSnapshot incident;
        try
        {
            incident = incidents.Deserialize(row.Body)!;
        }
        catch (Exception exception)
        {
            if (IsToldFirst(row.Key))
            {
                LogUnreadable(exception, row.Key);
            }

            return new IncidentSnapshot { Key = row.Key, At = row.At, Entity = FailedEntity.Unknown, Evidence = "This version cannot read the record." };
        }

        if (!IsKnown(incident.Entity) && IsToldFirst(row.Key))
        {
            LogUnknown(row.Key, (int)incident.Entity);
        }

        return incident;
    }

    /// <summary>Whether this version knows what to do about such a thing.</summary>
    public static bool IsKnown(FailedEntity entity) => entity is >= FailedEntity.Node and <= FailedEntity.Storage;

    private bool IsToldFirst(string key) => _told.Count < MaxTold && _told.TryAdd(key, true);

    private EventRow RowOf(IncidentSnapshot incident) => new()
    {
        Key = incident.Key,
        Kind = EventKind,
        Token = store.NewToken(),
        Body = incidents.SerializeToArray(incident),
    };

    [LoggerMessage(EventIds.IncidentUnreadable, LogLevel.Error, "Incident {Incident} cannot be read. It is kept, and nothing is done about it here. Does another version run in the cluster?")]
    private partial void LogUnreadable(Exception exception, string incident);

    [LoggerMessage(EventIds.IncidentUnknown, LogLevel.Warning, "Incident {Incident} is of a kind ({Entity}) that this version does not know. It is kept, and nothing is done about it here.")]
    private partial void LogUnknown(string incident, int entity);
}
