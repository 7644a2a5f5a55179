using FaultTolerance.Grains.History;
using FaultTolerance.Grains.Telemetry;
using FaultTolerance.Grains.Tests.Nodes;
using FaultTolerance.Storage.Events;

namespace FaultTolerance.Grains.Tests.History;

/// <summary>The durable record of failures, and what of it other versions wrote.</summary>
public sealed class IncidentLogTests : IAsyncLifetime
{
    /// <summary>A node's incident as the version before the other kinds wrote it.</summary>
    private const string OldRow =
        "IOhAE25vZGUvMThmMwkDFUENbm9kZS0xIeiABwAAgEJRKmfgIYAAIIwQinfeCIEAAAAAAAAAAOBBKUl0cyBwcm9jZXNzIGlzIGdvbmUuQQ1ub2Rl" +
        "LTIhgABNvRGKd94IgQAAAAAAAAAA4AExIYCAtiQRinfeCIEAAAAAAAAAAODg";

    private StoreLab _lab = null!;

    public async ValueTask InitializeAsync() => _lab = await StoreLab.OpenAsync();

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    [Fact]
    public async Task An_incident_of_each_kind_is_recorded_once_and_read_back()
    {
        foreach (var entity in Enum.GetValues<FailedEntity>().Where(IncidentLog.IsKnown))
        {
            var incident = Incident($"x/{entity}") with { Entity = entity, Kind = FailureKind.Timeout, Task = TaskId.New(_lab.Time) };

            var added = await _lab.IncidentLog.AddAsync(incident, CancellationToken.None);

            Assert.Equal(incident with { Reporter = "node-9" }, added);
            Assert.Null(await _lab.IncidentLog.AddAsync(incident, CancellationToken.None));
            Assert.Equivalent(added, await FindAsync(incident.Key));
        }
    }

    [Fact]
    public async Task An_incident_of_an_older_version_is_read_and_may_be_changed()
    {
        await AddRowAsync("node/18f3", Convert.FromBase64String(OldRow));

        await _lab.IncidentLog.UpdateAsync("node/18f3", incident => _lab.IncidentLog.Note(incident, "looked at"), CancellationToken.None);

        var read = (await FindAsync("node/18f3"))!;
        Assert.Equal((FailedEntity.Node, FailureKind.Crash, "node-1", 12), (read.Entity, read.Kind, read.Node, read.AttemptsAffected));
        Assert.Equal(TimeSpan.FromSeconds(2), read.RecoveredAt - read.At);
        Assert.Equal(["looked at"], read.Actions.Select(action => action.What));
    }

    [Fact]
    public async Task An_incident_of_a_kind_that_is_not_known_is_told_of_once_and_kept_as_it_is()
    {
        var body = StoreLab.Serializer<IncidentSnapshot>().SerializeToArray(Incident("quantum/1") with { Entity = (FailedEntity)77, Kind = (FailureKind)99 });
        await AddRowAsync("quantum/1", body);

        var first = (await FindAsync("quantum/1"))!;
        var changed = await _lab.IncidentLog.UpdateAsync("quantum/1", incident => incident with { Evidence = "" }, CancellationToken.None);

        Assert.Equal(((FailedEntity)77, (FailureKind)99), (first.Entity, first.Kind));
        Assert.Null(changed);
        Assert.Equal(body, (await _lab.Store.ReadEventAsync("quantum/1", CancellationToken.None))!.Body);
        Assert.Equal(
            ["Incident quantum/1 is of a kind (77) that this version does not know. It is kept, and nothing is done about it here."],
            _lab.Logs.Of(EventIds.IncidentUnknown));
    }

    [Fact]
    public async Task An_unknown_kind_of_a_known_thing_is_changed_as_ever_and_keeps_its_kind()
    {
        await _lab.IncidentLog.AddAsync(Incident("node/1") with { Kind = (FailureKind)99 }, CancellationToken.None);

        await _lab.IncidentLog.UpdateAsync("node/1", incident => incident with { Evidence = "It is known." }, CancellationToken.None);

        var changed = (await FindAsync("node/1"))!;
        Assert.Equal(((FailureKind)99, "It is known."), (changed.Kind, changed.Evidence));
        Assert.Empty(_lab.Logs.Of(EventIds.IncidentUnknown));
    }

    [Fact]
    public async Task An_incident_that_cannot_be_read_is_told_of_once_and_hides_no_other()
    {
        await AddRowAsync("node/1", [1, 2, 3]);
        await _lab.IncidentLog.AddAsync(Incident("node/2"), CancellationToken.None);

        await _lab.IncidentLog.ListAsync(10, CancellationToken.None);
        var listed = await _lab.IncidentLog.ListAsync(10, CancellationToken.None);

        Assert.Equal([("node/2", FailedEntity.Node), ("node/1", FailedEntity.Unknown)], listed.Select(incident => (incident.Key, incident.Entity)));
        Assert.Single(_lab.Logs.Of(EventIds.IncidentUnreadable));
        Assert.Null(await _lab.IncidentLog.UpdateAsync("node/1", incident => incident with { Evidence = "" }, CancellationToken.None));
        Assert.Equal([1, 2, 3], (await _lab.Store.ReadEventAsync("node/1", CancellationToken.None))!.Body);
    }

    [Fact]
    public void Of_many_actions_the_first_few_and_the_newest_are_kept()
    {
        var incident = Enumerable.Range(1, 100).Aggregate(Incident("node/1"), (i, number) => i.With(NodeFacts.Now, $"{number}", "node-1"));

        Assert.Equal(Enumerable.Range(1, 10).Concat(Enumerable.Range(71, 30)).Select(number => $"{number}"), incident.Actions.Select(action => action.What));
        Assert.Equal(60, incident.OmittedActions);
    }

    private static IncidentSnapshot Incident(string key) => new() { Key = key, At = NodeFacts.Now, Evidence = "It was seen." };

    private Task<bool> AddRowAsync(string key, byte[] body) => _lab.Store.AddEventAsync(
        new EventRow { Key = key, Kind = IncidentLog.EventKind, Token = _lab.Store.NewToken(), Body = body }, CancellationToken.None);

    private Task<IncidentSnapshot?> FindAsync(string key) => _lab.IncidentLog.FindAsync(key, CancellationToken.None);
}
