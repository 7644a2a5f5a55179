using FaultTolerance.Grains.History;
using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Telemetry;
using FaultTolerance.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FaultTolerance.Grains.Actors;

/// <summary>Tells of actors of this node that hang and of those that go on: each time by log and metric, and by one incident.</summary>
/// <remarks>
/// What the store does not take is kept and tried again, in one place for each failure. It is lost with the node, whose death is an incident itself.
/// </remarks>
internal sealed partial class ActorIncidents(
    IDurableStore store,
    IncidentLog incidents,
    IncidentInstruments instruments,
    LocalNode node,
    IClusterEvents events,
    IOptions<ActorDetectionOptions> options,
    ILogger<ActorIncidents> logger)
{
    /// <summary>How many incidents are written at once.</summary>
    private const int MaxAtOnce = 500;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Episode> _unwritten = new(StringComparer.Ordinal);

    /// <summary>Gets the writing that is under way.</summary>
    public Task Writing { get; private set; } = Task.CompletedTask;

    /// <summary>Tells what was found, and keeps it to be written.</summary>
    public void Take(ActorFinding finding)
    {
        switch (finding)
        {
            case ActorFailed failed:
                instruments.OnActorFailed(FailureKind.Hung);
                LogFailed(failed.Actor, failed.Elapsed, failed.Limit, failed.Failure);
                Keep(KeyOf(failed), episode => episode with { Failed = Describe(failed) });
                break;
            case ActorAliveAgain again:
                LogAliveAgain(again.Actor, again.SilentFor);
                Keep(KeyOf(again), episode => episode with { Again = again });
                break;
        }
    }

    /// <summary>Writes what is not written yet, unless that is under way. Returns without waiting for the store.</summary>
    public void WriteSoon(CancellationToken cancellationToken)
    {
        if (Writing.IsCompleted)
        {
            Writing = WriteAsync(cancellationToken);
        }
    }

    private async Task WriteAsync(CancellationToken cancellationToken)
    {
        KeyValuePair<string, Episode>[] batch;
        lock (_lock)
        {
            batch = [.. _unwritten.Take(MaxAtOnce)];
        }

        await Task.WhenAll(batch.Select(episode => WriteAsync(episode.Key, episode.Value, cancellationToken)));
    }

    private async Task WriteAsync(string key, Episode episode, CancellationToken cancellationToken)
    {
        try
        {
            if (episode.Failed is { } failed)
            {
                // Recorded already can only be by a try of our own whose answer was lost: nobody else uses the key.
                var added = await incidents.AddAsync(failed, cancellationToken) ?? failed;
                Written(key, episode with { Again = null });
                events.OnIncident(added);
            }

            if (episode.Again is { } again)
            {
                var amended = await incidents.UpdateAsync(key, incident => Amend(incident, again), cancellationToken);
                Written(key, episode with { Failed = null });
                if (amended is not null)
                {
                    events.OnActorAliveAgain(amended);
                }
            }
        }
        catch (Exception exception)
        {
            if (!cancellationToken.IsCancellationRequested)
            {
                LogNotWritten(exception, key);
            }
        }
    }

    private void Keep(string key, Func<Episode, Episode> change)
    {
        lock (_lock)
        {
            if (_unwritten.TryGetValue(key, out var episode) || _unwritten.Count < options.Value.MaxWatched)
            {
                _unwritten[key] = change(episode ?? new Episode(null, null));
                return;
            }
        }

        LogLeftOut(key, options.Value.MaxWatched);
    }

    /// <summary>Takes out what was written, and leaves what came meanwhile.</summary>
    private void Written(string key, Episode written)
    {
        lock (_lock)
        {
            var left = _unwritten[key];
            left = new Episode(written.Failed is null ? left.Failed : null, written.Again is null ? left.Again : null);
            if (left is { Failed: null, Again: null })
            {
                _unwritten.Remove(key);
            }
            else
            {
                _unwritten[key] = left;
            }
        }
    }

    private IncidentSnapshot Amend(IncidentSnapshot incident, ActorAliveAgain again)
    {
        if (incident.RecoveredAt is not null)
        {
            return incident;
        }

        var what = again.How switch
        {
            ActorRevival.NewLife => "watched anew, in another life",
            ActorRevival.Ended => "ended in order",
            _ => "alive again: it had hung",
        };
        return incidents.Note(incident with { RecoveredAt = store.Now }, $"{what}, after a silence of {again.SilentFor.TotalSeconds:F1} s");
    }

    private string KeyOf(ActorFinding finding) => $"actor/{node.Incarnation}/{finding.Life}/{finding.Failure}";

    private IncidentSnapshot Describe(ActorFailed failed) => new()
    {
        Key = KeyOf(failed),
        Entity = FailedEntity.Actor,
        Kind = FailureKind.Hung,
        ActorType = failed.Actor.Type,
        ActorKey = failed.Actor.Key,
        Node = node.Name,
        Incarnation = node.Incarnation,
        At = store.Now,
        BeganAt = store.Now - failed.Elapsed,
        Elapsed = failed.Elapsed,
        Limit = failed.Limit,
        Evidence = $"Its node is alive and its executor answers, but its last heartbeat was {failed.Elapsed.TotalSeconds:F1} s ago; " +
            $"its limit is {failed.Limit.TotalSeconds:F1} s, and it was to beat every {failed.Interval.TotalSeconds:0.###} s.{ExcusedOf(failed)}{FailuresOf(failed)}",
    };

    private static string ExcusedOf(ActorFailed failed) =>
        failed.Excused == TimeSpan.Zero ? "" : $" {failed.Excused.TotalSeconds:F1} s of that do not count, for the node itself stood still.";

    private static string FailuresOf(ActorFailed failed) => failed.Failure == 1 ? "" : $" It is its failure number {failed.Failure}.";

    private sealed record Episode(IncidentSnapshot? Failed, ActorAliveAgain? Again);

    [LoggerMessage(EventIds.ActorHung, LogLevel.Warning, "Actor {Actor} hangs: it has been silent for {Elapsed} where {Limit} were allowed, and its node is alive. It is its failure number {Failure}.")]
    private partial void LogFailed(ActorName actor, TimeSpan elapsed, TimeSpan limit, int failure);

    [LoggerMessage(EventIds.ActorAliveAgain, LogLevel.Warning, "Actor {Actor}, which had hung, is alive again after a silence of {Silence}.")]
    private partial void LogAliveAgain(ActorName actor, TimeSpan silence);

    [LoggerMessage(EventIds.ActorIncidentNotWritten, LogLevel.Warning, "Incident {Incident} of an actor could not be written; it is tried again.")]
    private partial void LogNotWritten(Exception exception, string incident);

    [LoggerMessage(EventIds.ActorIncidentLeftOut, LogLevel.Error, "Incident {Incident} of an actor is not recorded: {Limit} before it wait for the store, which is the limit.")]
    private partial void LogLeftOut(string incident, int limit);
}
