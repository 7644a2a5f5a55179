using FaultTolerance.Storage.Nodes;

namespace FaultTolerance.Storage.Conformance;

/// <summary>The lives of nodes and their leases.</summary>
public abstract class NodeRowsConformance : EngineConformance
{
    /// <summary>Registers four lives, in the order of their ends: one goes on, one left, one is dead, one is dead and recovered.</summary>
    private async Task<(NodeIncarnation Alive, NodeIncarnation Left, NodeIncarnation Dead, NodeIncarnation Recovered)> LivesOfEachKindAsync()
    {
        var (alive, left, dead, recovered) = (new NodeIncarnation(1), new NodeIncarnation(2), new NodeIncarnation(3), new NodeIncarnation(4));
        foreach (var life in new[] { alive, left, dead, recovered })
        {
            await RegisterAsync(Life(life));
        }

        await EndAsync(left, NodePhase.Left, isProvedGone: true);
        await EndAsync(dead, NodePhase.Dead, isProvedGone: true);
        await EndAsync(recovered, NodePhase.Dead, isProvedGone: true);
        await Engine.MarkRecoveredAsync(recovered, CancellationToken.None);
        return (alive, left, dead, recovered);
    }

    private static readonly TimeSpan LongLease = TimeSpan.FromHours(1);

    [Fact]
    public async Task A_registered_life_is_listed_with_a_lease_from_the_stores_now()
    {
        var before = await Engine.ReadTimeAsync(CancellationToken.None);
        var row = Life(Node1) with { Info = [1, 2, 3] };

        Assert.True(await RegisterAsync(row));

        var after = await Engine.ReadTimeAsync(CancellationToken.None);
        var stored = Assert.Single(await ListAsync());
        Assert.Equal((Node1, "alpha", NodePhase.Joining), (stored.Incarnation, stored.Name, stored.Phase));
        Assert.Equal([1, 2, 3], stored.Info);
        Assert.InRange(stored.Joined, before, after);
        Assert.Equal(stored.Joined + LongLease, stored.LeaseEnds);
        Assert.Null(stored.Ended);
        Assert.Null(stored.Recovered);
    }

    [Fact]
    public async Task The_same_registration_again_is_true_and_changes_nothing()
    {
        await RegisterAsync(Life(Node1));
        var first = Assert.Single(await ListAsync());

        Assert.True(await RegisterAsync(Life(Node1)));

        var second = Assert.Single(await ListAsync());
        Assert.Equal((first.Joined, first.LeaseEnds), (second.Joined, second.LeaseEnds));
    }

    [Fact]
    public async Task Another_nodes_registration_under_the_same_incarnation_is_refused()
    {
        await RegisterAsync(Life(Node1));

        Assert.False(await RegisterAsync(Life(Node1, "beta")));

        Assert.Equal("alpha", Assert.Single(await ListAsync()).Name);
    }

    [Fact]
    public async Task A_life_that_has_ended_cannot_be_registered_again()
    {
        await RegisterAsync(Life(Node1));
        await EndAsync(Node1, NodePhase.Left, isProvedGone: true);

        Assert.False(await RegisterAsync(Life(Node1)));
    }

    [Fact]
    public async Task A_renewal_sets_lease_phase_and_info()
    {
        await RegisterAsync(Life(Node1), TimeSpan.Zero);
        var before = await Engine.ReadTimeAsync(CancellationToken.None);

        Assert.True(await Engine.RenewLeaseAsync(Renewal(Node1, 1, NodePhase.Draining, [9, 9]), CancellationToken.None));

        var after = await Engine.ReadTimeAsync(CancellationToken.None);
        var stored = Assert.Single(await ListAsync());
        Assert.Equal(NodePhase.Draining, stored.Phase);
        Assert.Equal([9, 9], stored.Info);
        Assert.InRange(stored.LeaseEnds, before + LongLease, after + LongLease);
    }

    [Fact]
    public async Task A_renewal_that_was_overtaken_changes_nothing_and_the_life_goes_on()
    {
        await RegisterAsync(Life(Node1));
        Assert.True(await Engine.RenewLeaseAsync(Renewal(Node1, 7, NodePhase.Draining, [7]), CancellationToken.None));
        var newest = Assert.Single(await ListAsync());

        Assert.True(await Engine.RenewLeaseAsync(Renewal(Node1, 6, NodePhase.Alive, [6], TimeSpan.Zero), CancellationToken.None));

        var stored = Assert.Single(await ListAsync());
        Assert.Equal((NodePhase.Draining, 7L, newest.LeaseEnds), (stored.Phase, stored.Sequence, stored.LeaseEnds));
        Assert.Equal([7], stored.Info);
    }

    [Fact]
    public async Task A_renewal_that_is_repeated_or_newer_is_taken()
    {
        await RegisterAsync(Life(Node1));
        await Engine.RenewLeaseAsync(Renewal(Node1, 7, info: [7]), CancellationToken.None);

        Assert.True(await Engine.RenewLeaseAsync(Renewal(Node1, 7, info: [7], lease: TimeSpan.Zero), CancellationToken.None));
        var repeated = Assert.Single(await ListAsync());
        Assert.True(await Engine.RenewLeaseAsync(Renewal(Node1, 8, NodePhase.Quarantined, [8]), CancellationToken.None));

        Assert.InRange(repeated.LeaseEnds, DateTimeOffset.MinValue, await Engine.ReadTimeAsync(CancellationToken.None));
        var stored = Assert.Single(await ListAsync());
        Assert.Equal((NodePhase.Quarantined, 8L), (stored.Phase, stored.Sequence));
        Assert.Equal([8], stored.Info);
    }

    [Fact]
    public async Task A_lease_that_has_ended_may_be_renewed_while_the_life_has_not()
    {
        await RegisterAsync(Life(Node1), TimeSpan.Zero);

        Assert.True(await RenewAsync(Node1));
        Assert.False(await EndAsync(Node1, NodePhase.Dead));
    }

    [Theory]
    [InlineData(NodePhase.Left)]
    [InlineData(NodePhase.Dead)]
    public async Task A_renewal_after_the_end_says_so_and_changes_nothing(NodePhase phase)
    {
        await RegisterAsync(Life(Node1));
        await EndAsync(Node1, phase, isProvedGone: true);
        var ended = Assert.Single(await ListAsync());

        Assert.False(await RenewAsync(Node1));

        var stored = Assert.Single(await ListAsync());
        Assert.Equal((ended.Phase, ended.LeaseEnds, ended.Ended), (stored.Phase, stored.LeaseEnds, stored.Ended));
    }

    [Fact]
    public async Task A_life_that_was_never_registered_can_be_neither_renewed_nor_ended()
    {
        Assert.False(await RenewAsync(Node1));
        Assert.False(await EndAsync(Node1, NodePhase.Dead, isProvedGone: true));
        Assert.False(await Engine.MarkRecoveredAsync(Node1, CancellationToken.None));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task On_what_proof_a_life_was_ended_is_kept(bool isProvedGone)
    {
        await RegisterAsync(Life(Node1), TimeSpan.Zero);
        Assert.Null(Assert.Single(await ListAsync()).IsProvedGone);

        await EndAsync(Node1, NodePhase.Dead, isProvedGone);
        await EndAsync(Node1, NodePhase.Dead, !isProvedGone);

        Assert.Equal(isProvedGone, Assert.Single(await ListAsync()).IsProvedGone);
    }

    [Fact]
    public async Task A_life_whose_lease_runs_is_not_ended_without_proof()
    {
        await RegisterAsync(Life(Node1));

        Assert.False(await EndAsync(Node1, NodePhase.Dead));
        Assert.Null(Assert.Single(await ListAsync()).Ended);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_life_ends_once_by_its_leases_end_or_by_proof(bool byProof)
    {
        await RegisterAsync(Life(Node1), byProof ? LongLease : TimeSpan.Zero);
        var before = await Engine.ReadTimeAsync(CancellationToken.None);

        Assert.True(await EndAsync(Node1, NodePhase.Dead, byProof));
        Assert.False(await EndAsync(Node1, NodePhase.Left, isProvedGone: true));

        var stored = Assert.Single(await ListAsync());
        Assert.Equal(NodePhase.Dead, stored.Phase);
        Assert.NotNull(stored.Ended);
        Assert.InRange(stored.Ended.Value, before, await Engine.ReadTimeAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Of_many_that_end_a_life_at_the_same_time_one_did()
    {
        for (var round = 1; round <= 10; round++)
        {
            var life = new NodeIncarnation(round);
            await RegisterAsync(Life(life), TimeSpan.Zero);

            var ended = await TogetherAsync(6, _ => EndAsync(life, NodePhase.Dead));

            Assert.Single(ended, won => won);
        }
    }

    [Fact]
    public async Task A_renewal_and_an_end_that_race_leave_one_truth()
    {
        for (var round = 1; round <= 20; round++)
        {
            var life = new NodeIncarnation(round);
            await RegisterAsync(Life(life), TimeSpan.Zero);

            var won = await TogetherAsync(2, side => side == 0 ? RenewAsync(life) : EndAsync(life, NodePhase.Dead));

            // The end may come after the renewal only if the lease had ended: it had not, so one of the two lost.
            Assert.NotEqual(won[0], won[1]);
            Assert.Equal(won[1], !await RenewAsync(life));
        }
    }

    [Fact]
    public async Task The_recovery_of_a_dead_life_is_recorded_once()
    {
        await RegisterAsync(Life(Node1));
        Assert.False(await Engine.MarkRecoveredAsync(Node1, CancellationToken.None));
        await EndAsync(Node1, NodePhase.Dead, isProvedGone: true);

        Assert.True(await Engine.MarkRecoveredAsync(Node1, CancellationToken.None));
        Assert.False(await Engine.MarkRecoveredAsync(Node1, CancellationToken.None));

        Assert.NotNull(Assert.Single(await ListAsync()).Recovered);
    }

    [Fact]
    public async Task A_life_that_left_in_order_has_nothing_to_recover()
    {
        await RegisterAsync(Life(Node1));
        await EndAsync(Node1, NodePhase.Left, isProvedGone: true);

        Assert.False(await Engine.MarkRecoveredAsync(Node1, CancellationToken.None));
    }

    [Fact]
    public async Task Lives_are_listed_newest_first()
    {
        await RegisterAsync(Life(Node2, "beta"));
        await RegisterAsync(Life(Node3, "gamma"));
        await RegisterAsync(Life(Node1, "alpha"));

        Assert.Equal([Node3, Node2, Node1], (await ListAsync()).Select(row => row.Incarnation));
    }

    [Fact]
    public async Task Lives_that_have_not_ended_are_listed_before_any_that_has()
    {
        for (var i = 1; i <= 10; i++)
        {
            await RegisterAsync(Life(new NodeIncarnation(i)));
        }

        for (var i = 3; i <= 10; i++)
        {
            await EndAsync(new NodeIncarnation(i), NodePhase.Left, isProvedGone: true);
        }

        var listed = await Engine.ListNodesAsync(4, CancellationToken.None);

        Assert.Equal([10, 9, 2, 1], listed.Select(row => row.Incarnation.Value));
    }

    [Fact]
    public async Task The_lives_that_somebody_has_to_do_with_are_the_living_the_unrecovered_and_those_that_ended_of_late()
    {
        var (alive, left, dead, recovered) = await LivesOfEachKindAsync();

        Assert.Equal([recovered, dead, left, alive], await CurrentAsync(Past, 100));
        Assert.Equal([dead, alive], await CurrentAsync(Future, 100));
        Assert.Equal([dead, alive], await CurrentAsync(Past, 2));
        Assert.Equal([alive], await CurrentAsync(Past, 1));
        Assert.Equal((await ListAsync()).Single(row => row.Incarnation == dead).Ended, (await Engine.ListCurrentNodesAsync(Future, 100, default))[0].Ended);

        async Task<IEnumerable<NodeIncarnation>> CurrentAsync(DateTimeOffset since, int limit) =>
            (await Engine.ListCurrentNodesAsync(since, limit, CancellationToken.None)).Select(row => row.Incarnation);
    }

    [Fact]
    public async Task Lives_are_read_by_their_names_and_those_that_are_not_there_are_left_out()
    {
        await RegisterAsync(Life(Node1, "alpha"));
        await RegisterAsync(Life(Node2, "beta"));
        await EndAsync(Node2, NodePhase.Left, isProvedGone: true);

        var read = await Engine.ReadNodesAsync([Node2, Node3, Node1, Node2], CancellationToken.None);

        Assert.Equal([(Node1, "alpha"), (Node2, "beta")], read.OrderBy(row => row.Incarnation).Select(row => (row.Incarnation, row.Name)));
        Assert.Empty(await Engine.ReadNodesAsync([], CancellationToken.None));
    }

    [Fact]
    public async Task Only_ended_lives_are_purged_and_dead_ones_only_when_recovered()
    {
        var (alive, left, dead, recovered) = await LivesOfEachKindAsync();

        Assert.Equal(0, await Engine.PurgeNodesAsync(Past, 100, CancellationToken.None));
        Assert.Equal(1, await Engine.PurgeNodesAsync(Future, 1, CancellationToken.None));
        Assert.Equal(1, await Engine.PurgeNodesAsync(Future, 100, CancellationToken.None));
        Assert.Equal([dead, alive], (await ListAsync()).Select(row => row.Incarnation));
    }

    [Fact]
    public async Task An_odd_name_is_kept_exactly()
    {
        await RegisterAsync(Life(Node1, "nœud 👩‍🚀 'quoted' \\ %"));

        Assert.Equal("nœud 👩‍🚀 'quoted' \\ %", Assert.Single(await ListAsync()).Name);
    }

    private static NodeRow Life(NodeIncarnation incarnation, string name = "alpha") => new() { Incarnation = incarnation, Name = name };

    private Task<bool> RegisterAsync(NodeRow row, TimeSpan? lease = null) =>
        Engine.RegisterNodeAsync(row, lease ?? LongLease, CancellationToken.None);

    private static LeaseRenewal Renewal(NodeIncarnation incarnation, long sequence, NodePhase phase = NodePhase.Alive, byte[]? info = null, TimeSpan? lease = null) =>
        new() { Incarnation = incarnation, Sequence = sequence, Phase = phase, Info = info ?? [], Lease = lease ?? LongLease };

    private Task<bool> RenewAsync(NodeIncarnation incarnation) =>
        RepeatAsync(() => Engine.RenewLeaseAsync(Renewal(incarnation, 1), CancellationToken.None));

    private Task<bool> EndAsync(NodeIncarnation incarnation, NodePhase phase, bool isProvedGone = false) =>
        RepeatAsync(() => Engine.EndNodeAsync(
            new NodeEnd { Incarnation = incarnation, Phase = phase, IsProvedGone = isProvedGone }, CancellationToken.None));

    private Task<IReadOnlyList<NodeRow>> ListAsync() => Engine.ListNodesAsync(100, CancellationToken.None);
}
