using FaultTolerance.Grains.Actors;
using FaultTolerance.Grains.Telemetry;
using FaultTolerance.Grains.Tests.Nodes;
using FaultTolerance.Storage.Engines;
using FaultTolerance.Testing;
using Microsoft.Extensions.Options;

namespace FaultTolerance.Grains.Tests.Actors;

/// <summary>One silo's looks at its own actors. The interval is 10 s, three may be missed, looks are each second.</summary>
public sealed class ActorCheckerTests : IAsyncLifetime
{
    private readonly ActorDetectionOptions _options = new();
    private StoreLab _lab = null!;
    private NodePhase _phase = NodePhase.Alive;
    private ActorMonitor _monitor = null!;
    private ActorIncidents _incidents = null!;
    private ActorChecker _checker = null!;

    public async ValueTask InitializeAsync()
    {
        _lab = await StoreLab.OpenAsync();
        var options = Options.Create(_options);
        _monitor = new ActorMonitor(_lab.Clock, _lab.IncidentInstruments, options);
        _incidents = new ActorIncidents(_lab.Store, _lab.IncidentLog, _lab.IncidentInstruments, _lab.Self, _lab.Events, options, _lab.Logs.For<ActorIncidents>());
        _checker = new ActorChecker(
            () => _phase, _monitor, _incidents, _lab.Pipeline, _lab.Guard, _lab.Clock, options, _lab.Time, _lab.Logs.For<ActorChecker>());
    }

    public async ValueTask DisposeAsync()
    {
        await _checker.DisposeAsync();
        await _lab.DisposeAsync();
    }

    [Fact]
    public async Task An_actor_that_is_silent_while_its_node_lives_is_one_incident_of_kind_hung()
    {
        _monitor.Watch("account", "alice");
        await PassAsync(30);
        Assert.Empty(await IncidentsAsync());

        await PassAsync(30);

        var incident = Assert.Single(await IncidentsAsync());
        Assert.Equal((FailedEntity.Actor, FailureKind.Hung, "account", "alice"), (incident.Entity, incident.Kind, incident.ActorType, incident.ActorKey));
        Assert.Equal(("node-9", _lab.Self.Incarnation, "node-9"), (incident.Node, incident.Incarnation, incident.Reporter));
        Assert.Equal((TimeSpan.FromSeconds(31), TimeSpan.FromSeconds(30)), (incident.Elapsed!.Value, incident.Limit!.Value));
        Assert.Equal(TimeSpan.FromSeconds(31), incident.At - incident.BeganAt!.Value);
        Assert.Equal(
            "Its node is alive and its executor answers, but its last heartbeat was 31.0 s ago; its limit is 30.0 s, and it was to beat every 10 s.",
            incident.Evidence);
        Assert.Single(_lab.Logs.Of(EventIds.ActorHung));
        Assert.Equal(["node-9 incident Hung"], HeardOfActors());
    }

    [Fact]
    public async Task An_actor_that_had_hung_is_noted_as_alive_again_once_and_its_next_silence_is_another_incident()
    {
        var watch = _monitor.Watch("account", "alice");
        await PassAsync(40);
        watch.Beat();
        await PassAsync(2);

        var first = Assert.Single(await IncidentsAsync());
        Assert.Equal(["alive again: it had hung, after a silence of 40.0 s"], first.Actions.Select(action => action.What));
        Assert.Equal(TimeSpan.FromSeconds(41), first.RecoveredAt!.Value - first.BeganAt!.Value);
        Assert.Equal(["node-9 incident Hung", "node-9 actor alive again"], HeardOfActors());

        await PassAsync(40);
        var both = await IncidentsAsync();
        Assert.Equal(2, both.Count);
        Assert.EndsWith(" It is its failure number 2.", both[0].Evidence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_actor_that_leaves_in_order_is_no_incident_and_beats_no_more()
    {
        var watch = _monitor.Watch("account", "alice");
        await PassAsync(10);
        watch.Dispose();
        watch.Dispose();
        watch.Beat();

        await PassAsync(100);

        Assert.Empty(await IncidentsAsync());
    }

    [Fact]
    public async Task A_process_that_stood_still_accuses_nobody_whichever_wakes_first()
    {
        var awake = _monitor.Watch("account", "alice");
        _monitor.Watch("account", "bob");
        await PassAsync(5);

        _lab.Pass(300);
        awake.Beat();
        await LookAsync();
        await PassAsync(24);
        Assert.Empty(await IncidentsAsync());

        await PassAsync(1); // bob has been silent for 5 s before, for the 1 s in which the look was due, and for 25 s after
        var incident = Assert.Single(await IncidentsAsync());
        Assert.Equal("bob", incident.ActorKey);
        Assert.Contains(" 299.0 s of that do not count, for the node itself stood still.", incident.Evidence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_the_nodes_executor_does_not_answer_nobody_is_accused_and_that_is_said_once()
    {
        _monitor.Watch("account", "alice");
        await PassAsync(5);
        _lab.Pipeline.IsStuck = true;
        for (var look = 0; look < 60; look++)
        {
            _lab.Guard.Renewed(_lab.Clock.Now);
            var looking = _checker.LookAsync(CancellationToken.None);
            _lab.Pass(1);
            await looking;
        }

        _lab.Pipeline.IsStuck = false;
        await PassAsync(20);

        Assert.Empty(await IncidentsAsync());
        Assert.Single(_lab.Logs.Of(EventIds.ActorsNotJudged));
        await PassAsync(10);
        Assert.Single(await IncidentsAsync());
    }

    [Fact]
    public async Task A_node_that_cannot_renew_its_lease_judges_nobody_and_catches_up_when_it_can()
    {
        _monitor.Watch("account", "alice");
        for (var second = 0; second < 60; second++)
        {
            _lab.Pass(1);
            await LookAsync(isRenewed: second < 5);
        }

        Assert.Empty(await IncidentsAsync());
        await PassAsync(1);
        Assert.Single(await IncidentsAsync());
    }

    [Fact]
    public async Task A_node_whose_life_has_ended_judges_nobody()
    {
        _monitor.Watch("account", "alice");
        _phase = NodePhase.Dead;

        await PassAsync(100);

        Assert.Empty(await IncidentsAsync());
    }

    [Fact]
    public async Task What_the_store_does_not_take_is_written_later_and_once()
    {
        var watch = _monitor.Watch("account", "alice");
        _lab.Engine.Plan = call => call.Operation == nameof(IStorageEngine.AddEventAsync) ? InjectedFault.Unusable : InjectedFault.None;
        await PassAsync(40);
        watch.Beat();
        await PassAsync(1);
        Assert.Empty(await IncidentsAsync());
        Assert.NotEmpty(_lab.Logs.Of(EventIds.ActorIncidentNotWritten));

        _lab.Engine.Plan = _ => InjectedFault.None;
        await PassAsync(3);

        var incident = Assert.Single(await IncidentsAsync());
        Assert.Equal(TimeSpan.FromSeconds(31), incident.Elapsed);
        Assert.Single(incident.Actions);
        Assert.Equal(["node-9 incident Hung", "node-9 actor alive again"], HeardOfActors());
    }

    [Fact]
    public void At_the_limit_the_error_names_the_actor_and_what_to_do()
    {
        _options.MaxWatched = 1;
        var watch = _monitor.Watch("account", "alice");

        var refused = Assert.Throws<TooManyActorsException>(() => _monitor.Watch("account", "bob"));

        Assert.Equal((1, true), (refused.Limit, refused.IsRetryable));
        Assert.Equal(
            "Actor account/bob is not watched: this silo watches 1 actors, which is its limit. Raise FaultTolerance:Actors:MaxWatched, add silos, or " +
            "dispose of the watches of actors that are deactivated.",
            refused.Message);
        watch.Dispose();
        _monitor.Watch("account", "bob").Dispose();
    }

    [Fact]
    public void Names_and_intervals_have_bounds()
    {
        Assert.Throws<ArgumentException>(() => _monitor.Watch("", "alice"));
        Assert.Throws<ArgumentException>(() => _monitor.Watch("account", new string('a', ActorName.MaxKey + 1)));
        Assert.Throws<ArgumentException>(() => _monitor.Watch(new string('a', ActorName.MaxType + 1), "alice"));
        Assert.Throws<ArgumentOutOfRangeException>(() => _monitor.Watch("account", "alice", TimeSpan.FromMilliseconds(999)));
        Assert.Throws<ArgumentOutOfRangeException>(() => _monitor.Watch("account", "alice", TimeSpan.FromMinutes(61)));
        Assert.True(_monitor.IsIdle);
    }

    /// <summary>Lets time pass with a look each second, on a node that renews its lease.</summary>
    private async Task PassAsync(int seconds)
    {
        for (var second = 0; second < seconds; second++)
        {
            _lab.Pass(1);
            await LookAsync();
        }
    }

    private async Task LookAsync(bool isRenewed = true)
    {
        if (isRenewed)
        {
            _lab.Guard.Renewed(_lab.Clock.Now);
        }

        await _checker.LookAsync(CancellationToken.None);
        await _incidents.Writing;
    }

    private IEnumerable<string> HeardOfActors() => _lab.Events.Heard.Where(heard => heard.Contains("Hung", StringComparison.Ordinal) || heard.Contains("actor", StringComparison.Ordinal));

    private async Task<IReadOnlyList<IncidentSnapshot>> IncidentsAsync() =>
        [.. (await _lab.IncidentLog.ListAsync(10, CancellationToken.None)).Where(incident => incident.Entity == FailedEntity.Actor)];
}
