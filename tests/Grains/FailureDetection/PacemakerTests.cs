using FaultTolerance.Grains.FailureDetection;
using FaultTolerance.Grains.History;
using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Telemetry;
using FaultTolerance.Grains.Tests.Nodes;
using FaultTolerance.Storage.Events;
using FaultTolerance.Storage.Nodes;
using FaultTolerance.Testing;

namespace FaultTolerance.Grains.Tests.FailureDetection;

/// <summary>One silo's looks at the others. Leases are 5 s.</summary>
public sealed class PacemakerTests : IAsyncLifetime
{
    private StoreLab _lab = null!;
    private Pacemaker _pacemaker = null!;

    public async ValueTask InitializeAsync()
    {
        _lab = await StoreLab.OpenAsync();
        _pacemaker = _lab.Pacemaker();
        await _lab.JoinAsync(9);
    }

    public async ValueTask DisposeAsync()
    {
        await _pacemaker.DisposeAsync();
        await _lab.DisposeAsync();
    }

    [Fact]
    public async Task A_look_shows_the_silo_who_is_there()
    {
        await _lab.JoinAsync(1);

        await LookAsync();

        Assert.Equal(["node-1", "node-9"], _lab.Directory.Living.Select(node => node.Row.Name).Order());
    }

    [Fact]
    public async Task A_node_whose_lease_has_ended_is_dead_with_one_incident()
    {
        await _lab.JoinAsync(1);
        BecomeSteady(); // which takes just one lease

        // What is known here of the store's time may be so much ahead of it, and the store is no arbiter once its clock was set forward.
        Assert.Equal(TimeSpan.FromMilliseconds(2.5), _lab.Store.ClockError);
        await LookAsync();
        Assert.Equal(NodePhase.Alive, (await _lab.RowAsync(1)).Phase);

        _lab.Pass(0.003);
        await LookAsync();
        await LookAsync();

        Assert.Equal(NodePhase.Dead, (await _lab.RowAsync(1)).Phase);
        var incident = Assert.Single(_lab.Events.Incidents);
        Assert.Equal(NodeIncidents.KeyOf(NodeFacts.Life(1)), incident.Key);
        Assert.Equal(FailureKind.NodeLost, incident.Kind);
        Assert.Equal("node-1", incident.Node);
        Assert.Equal("node-9", incident.Reporter);
        Assert.Equivalent(incident, await _lab.Incidents.FindAsync(NodeFacts.Life(1), CancellationToken.None));
    }

    [Fact]
    public async Task A_node_that_is_cut_off_lives_until_its_lease_has_ended()
    {
        BecomeSteady();
        await _lab.JoinAsync(1);

        _lab.Pass(4.999);
        _lab.Guard.Renewed(_lab.Clock.Now);
        await LookAsync();
        Assert.Equal(NodePhase.Alive, (await _lab.RowAsync(1)).Phase);

        _lab.Pass(0.001);
        await LookAsync();
        Assert.Equal(NodePhase.Alive, (await _lab.RowAsync(1)).Phase); // this silo was silent itself for 5 s: not its turn to judge
        BecomeSteady();
        await LookAsync();
        Assert.Equal(NodePhase.Dead, (await _lab.RowAsync(1)).Phase);
    }

    [Fact]
    public async Task A_node_that_is_proved_gone_is_dead_at_once()
    {
        await _lab.JoinAsync(1);
        _lab.Prover.Bury(NodeFacts.Life(1));

        await LookAsync();

        Assert.Equal(NodePhase.Dead, (await _lab.RowAsync(1)).Phase);
        Assert.Equal(FailureKind.Crash, Assert.Single(_lab.Events.Incidents).Kind);
        Assert.Equal("It is gone.", _lab.Events.Incidents[0].Evidence);
    }

    [Fact]
    public async Task After_an_outage_of_the_store_nobody_is_condemned_for_one_lease()
    {
        await _lab.JoinAsync(1);
        BecomeSteady();
        _lab.Pass(60);
        _lab.Guard.Renewed(_lab.Clock.Now);

        await LookAsync();

        Assert.Equal(NodePhase.Alive, (await _lab.RowAsync(1)).Phase);
    }

    [Fact]
    public async Task A_node_that_has_left_in_order_is_no_incident()
    {
        await _lab.JoinAsync(1);
        await _lab.Store.EndNodeAsync(new NodeEnd { Incarnation = NodeFacts.Life(1), Phase = NodePhase.Left, IsProvedGone = true }, CancellationToken.None);
        _lab.Prover.Bury(NodeFacts.Life(1));
        BecomeSteady();

        await LookAsync();

        Assert.Empty(_lab.Events.Heard);
        Assert.Empty(await _lab.Store.ListEventsAsync(null, 10, CancellationToken.None));
    }

    [Fact]
    public async Task Of_two_silos_that_see_the_same_death_one_records_it()
    {
        await _lab.JoinAsync(1);
        _lab.Prover.Bury(NodeFacts.Life(1));
        await using var other = _lab.Pacemaker();

        await Task.WhenAll(LookAsync(), other.LookAsync(CancellationToken.None));

        Assert.Single(_lab.Events.Incidents);
        Assert.Single(await _lab.Store.ListEventsAsync(IncidentLog.EventKind, 10, CancellationToken.None));
    }

    [Fact]
    public async Task A_death_whose_recorder_died_in_between_is_recorded_by_another()
    {
        await _lab.JoinAsync(1);
        await _lab.Store.EndNodeAsync(new NodeEnd { Incarnation = NodeFacts.Life(1), Phase = NodePhase.Dead, IsProvedGone = true }, CancellationToken.None);
        await LookAsync();
        Assert.Empty(_lab.Events.Incidents); // its recorder has 2 s

        _lab.Pass(2);
        _lab.Prover.Bury(NodeFacts.Life(1));
        await LookAsync();

        Assert.Equal(FailureKind.Crash, Assert.Single(_lab.Events.Incidents).Kind);
    }

    [Theory]
    [InlineData(true, FailureKind.Crash)]
    [InlineData(false, FailureKind.NodeLost)]
    public async Task A_death_that_another_records_keeps_the_proof_it_was_ended_on_whatever_is_seen_later(bool wasProvedGone, FailureKind kind)
    {
        await _lab.JoinAsync(1);
        _lab.Pass(5);
        await _lab.Store.EndNodeAsync(new NodeEnd { Incarnation = NodeFacts.Life(1), Phase = NodePhase.Dead, IsProvedGone = wasProvedGone }, CancellationToken.None);
        _lab.Pass(2);
        if (!wasProvedGone)
        {
            _lab.Prover.Bury(NodeFacts.Life(1));
        }

        await LookAsync();

        Assert.Equal(kind, Assert.Single(_lab.Events.Incidents).Kind);
    }

    [Fact]
    public async Task The_silo_of_a_dead_node_is_dropped_by_Orleans_again_and_again_until_it_shows_it_dead()
    {
        var victim = await _lab.JoinAsync(1);
        _lab.Prover.Bury(victim.Incarnation);
        _lab.Membership.Show(victim, SiloStatus.Active);

        await LookAsync();
        await LookAsync();
        Assert.Equal([victim.Address], _lab.Membership.Killed);
        _lab.Pass(2);
        await LookAsync();
        Assert.Equal(2, _lab.Membership.Killed.Count);

        _lab.Membership.Show(victim, SiloStatus.Dead);
        _lab.Pass(2);
        await LookAsync();
        Assert.Equal(2, _lab.Membership.Killed.Count);
    }

    [Fact]
    public async Task A_row_that_cannot_be_read_does_not_keep_the_silo_from_finding_the_dead()
    {
        var odd = new NodeRow { Incarnation = NodeFacts.Life(3), Name = "node-3", Phase = NodePhase.Alive, Info = [0xFF, 0xFE, 0xFD] };
        await _lab.Store.RegisterNodeAsync(odd, _lab.Detection.LeaseLength, CancellationToken.None);
        await _lab.JoinAsync(1);
        _lab.Prover.Bury(NodeFacts.Life(1));

        await LookAsync();

        Assert.Equal(NodePhase.Dead, (await _lab.RowAsync(1)).Phase);
        Assert.DoesNotContain(_lab.Directory.Living, node => node.Incarnation == NodeFacts.Life(3));
    }

    [Fact]
    public async Task The_lives_that_ended_long_ago_are_not_read_at_each_look()
    {
        await _lab.JoinAsync(1);
        await _lab.Store.EndNodeAsync(new NodeEnd { Incarnation = NodeFacts.Life(1), Phase = NodePhase.Left, IsProvedGone = true }, CancellationToken.None);
        await LookAsync();
        Assert.NotNull(_lab.Directory.Find(NodeFacts.Life(1)));

        _lab.Pass(601);
        await LookAsync();

        Assert.Null(_lab.Directory.Find(NodeFacts.Life(1)));
    }

    [Fact]
    public async Task A_look_is_not_held_up_by_an_Orleans_that_does_not_answer()
    {
        var victims = new[] { await _lab.JoinAsync(1), await _lab.JoinAsync(2) };
        foreach (var victim in victims)
        {
            _lab.Prover.Bury(victim.Incarnation);
            _lab.Membership.Show(victim, SiloStatus.Active);
        }

        _lab.Membership.IsStuck = true;
        await _lab.Time.RunAsync(DoneAsync());

        Assert.Equal(victims.Select(victim => victim.Address), _lab.Membership.Killed.Order());

        async Task<bool> DoneAsync()
        {
            await LookAsync();
            return true;
        }
    }

    [Fact]
    public async Task A_silo_that_Orleans_does_not_show_is_never_asked_for()
    {
        await _lab.JoinAsync(1);
        _lab.Prover.Bury(NodeFacts.Life(1));

        await LookAsync();

        Assert.Empty(_lab.Membership.Killed);
    }

    [Fact]
    public async Task Connections_are_tried_only_to_nodes_that_are_late_or_when_there_is_cause()
    {
        await _lab.JoinAsync(1);
        await LookAsync();
        Assert.Empty(_lab.Prover.Connected);

        _pacemaker.LookNow();
        await LookAsync();
        Assert.Equal([NodeFacts.Life(1)], _lab.Prover.Connected);

        _lab.Prover.Connected.Clear();
        await LookAsync();
        Assert.Empty(_lab.Prover.Connected);
        _lab.Pass(3);
        await LookAsync();
        Assert.Equal([NodeFacts.Life(1)], _lab.Prover.Connected);
    }

    [Fact]
    public async Task A_death_that_was_committed_without_an_answer_is_recorded_all_the_same()
    {
        await _lab.JoinAsync(1);
        _lab.Prover.Bury(NodeFacts.Life(1));
        _lab.Engine.FailWrite(1, InjectedFault.ReplyLost);
        await LookAsync();
        Assert.Empty(_lab.Events.Incidents);

        _lab.Pass(2);
        await LookAsync();

        Assert.Equal(FailureKind.Crash, Assert.Single(_lab.Events.Incidents).Kind);
    }

    [Fact]
    public async Task A_death_that_cannot_be_carried_out_or_recorded_keeps_no_other_from_it()
    {
        foreach (var node in new[] { 1, 2, 3 })
        {
            await _lab.JoinAsync(node);
            _lab.Prover.Bury(NodeFacts.Life(node));
        }

        _lab.Engine.FailWrite(1, InjectedFault.Unreachable);
        await LookAsync();
        Assert.Equal(2, _lab.Events.Incidents.Count);
        Assert.Equal([NodePhase.Alive, NodePhase.Dead, NodePhase.Dead], await PhasesAsync());
        Assert.Single(_lab.Logs.Of(EventIds.NodeNotEnded));

        await LookAsync();
        Assert.Equal(3, _lab.Events.Incidents.Count);

        async Task<IEnumerable<NodePhase>> PhasesAsync() =>
            [.. new[] { await _lab.RowAsync(1), await _lab.RowAsync(2), await _lab.RowAsync(3) }.Select(row => row.Phase).Order()];
    }

    [Fact]
    public async Task An_incident_that_cannot_be_recorded_keeps_no_other_from_its_record_and_is_recorded_later()
    {
        foreach (var node in new[] { 1, 2 })
        {
            await _lab.JoinAsync(node);
            await _lab.Store.EndNodeAsync(new NodeEnd { Incarnation = NodeFacts.Life(node), Phase = NodePhase.Dead, IsProvedGone = true }, CancellationToken.None);
        }

        _lab.Pass(2);
        _lab.Engine.FailWrite(1, InjectedFault.Unreachable);
        await LookAsync();
        Assert.Single(_lab.Events.Incidents);
        Assert.Single(_lab.Logs.Of(EventIds.DeathNotRecorded));

        await LookAsync();
        Assert.Equal(2, _lab.Events.Incidents.Count);
    }

    [Fact]
    public async Task Recovery_is_touched_at_a_death_and_again_when_Orleans_has_dropped_the_silo_though_no_shard_has_answered()
    {
        var victim = await _lab.JoinAsync(1);
        _lab.Membership.Show(victim, SiloStatus.Active);
        _pacemaker.LookNow();
        await LookAsync();
        Assert.Empty(_lab.Touches.Take()); // a change of Orleans' membership alone is no cause

        _lab.Prover.Bury(victim.Incarnation);
        await LookAsync();
        Assert.Equal([0, 1, 2, 3], _lab.Touches.Take());

        _lab.Membership.Show(victim, SiloStatus.Dead);
        await LookAsync();
        Assert.Empty(_lab.Touches.Take());
        _pacemaker.LookNow(); // as the change of the membership does
        await LookAsync();
        Assert.Equal([0, 1, 2, 3], _lab.Touches.Take());

        await _lab.Store.MarkRecoveredAsync(victim.Incarnation, CancellationToken.None);
        _pacemaker.LookNow();
        await LookAsync();
        Assert.Empty(_lab.Touches.Take());
    }

    private Task LookAsync() => _pacemaker.LookAsync(CancellationToken.None);

    /// <summary>Lets 5 s pass in which this node renews its lease each second.</summary>
    private void BecomeSteady()
    {
        _lab.Guard.Renewed(_lab.Clock.Now);
        for (var i = 0; i < 5; i++)
        {
            _lab.Pass(1);
            _lab.Guard.Renewed(_lab.Clock.Now);
        }
    }
}
