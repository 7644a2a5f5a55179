using FaultTolerance.Grains.Nodes;
using FaultTolerance.Storage.Nodes;
using FaultTolerance.Testing;

namespace FaultTolerance.Grains.Tests.Nodes;

/// <summary>What a starting silo does about the rows of those that were there before. It is node 9.</summary>
public sealed class StaleSilosTests : IAsyncLifetime
{
    private readonly FakeMembershipTable _table = new();
    private StoreLab _lab = null!;

    public async ValueTask InitializeAsync() => _lab = await StoreLab.OpenAsync();

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    [Fact]
    public async Task A_silo_whose_process_is_gone_is_dead_and_one_that_may_live_is_not_touched()
    {
        var (gone, living) = (await _lab.JoinAsync(1), await _lab.JoinAsync(2));
        _lab.Prover.Bury(gone.Incarnation);
        _lab.Prover.Listening.Add(living.Incarnation);
        _table.Add(gone.Address, SiloStatus.Active);
        _table.Add(living.Address, SiloStatus.Active);

        await RemoveAsync();

        Assert.Equal(SiloStatus.Dead, _table.StatusOf(gone.Address));
        Assert.Equal(SiloStatus.Active, _table.StatusOf(living.Address));
        Assert.Equal(1, _table.Changes);
    }

    [Fact]
    public async Task A_silo_of_which_nothing_is_known_is_not_touched()
    {
        _table.Add(NodeFacts.Info(1).Address, SiloStatus.Active);

        await RemoveAsync();

        Assert.Equal(0, _table.Changes);
    }

    [Fact]
    public async Task An_older_silo_on_the_same_port_is_dead_and_a_newer_one_is_not_touched()
    {
        var self = NodeFacts.Info(9, generation: 5).Address;
        var (older, newer) = (NodeFacts.Info(9, generation: 4).Address, NodeFacts.Info(9, generation: 6).Address);
        _table.Add(older, SiloStatus.Active);
        _table.Add(newer, SiloStatus.Active);

        await RemoveAsync(self);

        Assert.Equal(SiloStatus.Dead, _table.StatusOf(older));
        Assert.Equal(SiloStatus.Active, _table.StatusOf(newer));
    }

    [Fact]
    public async Task All_that_are_gone_are_removed_although_others_change_the_table_meanwhile()
    {
        for (var i = 1; i <= 3; i++)
        {
            var info = await _lab.JoinAsync(i);
            _lab.Prover.Bury(info.Incarnation);
            _table.Add(info.Address, i == 2 ? SiloStatus.Joining : SiloStatus.Active);
        }

        _table.RacesToLose = 2;
        await RemoveAsync();

        Assert.All([1, 2, 3], i => Assert.Equal(SiloStatus.Dead, _table.StatusOf(NodeFacts.Info(i).Address)));
    }

    [Fact]
    public async Task A_table_that_never_stands_still_does_not_keep_the_silo_from_starting()
    {
        var info = await _lab.JoinAsync(1);
        _lab.Prover.Bury(info.Incarnation);
        _table.Add(info.Address, SiloStatus.Active);
        _table.RacesToLose = int.MaxValue;

        await RemoveAsync();

        Assert.Equal(SiloStatus.Active, _table.StatusOf(info.Address));
    }

    [Fact]
    public async Task A_silo_on_another_machine_that_refuses_is_dead_when_its_lease_is_over()
    {
        var (over, ended) = (await _lab.JoinAsync(1), await _lab.JoinAsync(2));
        await _lab.Store.EndNodeAsync(new NodeEnd { Incarnation = ended.Incarnation, Phase = NodePhase.Dead, IsProvedGone = true }, CancellationToken.None);
        _lab.Prover.Refusing.UnionWith([over.Incarnation, ended.Incarnation]);
        _table.Add(over.Address, SiloStatus.Active);
        _table.Add(ended.Address, SiloStatus.Active);
        _lab.Pass(5.01); // a lease, and the error of the store's time

        var removing = RemoveAsync();
        Assert.Equal((SiloStatus.Active, SiloStatus.Dead), (_table.StatusOf(over.Address), _table.StatusOf(ended.Address)));
        await _lab.Time.RunAsync(removing); // it had one lease to renew, and a firewall may have refused

        Assert.Equal(SiloStatus.Dead, _table.StatusOf(over.Address));
    }

    [Fact]
    public async Task While_its_lease_runs_one_that_refuses_is_waited_for_for_it_may_live_behind_a_firewall()
    {
        var (gone, rejecting) = (await AddAsync(1), await AddAsync(2));
        _lab.Prover.Refusing.UnionWith([gone.Incarnation, rejecting.Incarnation]);

        var removing = RemoveAsync();
        Assert.False(removing.IsCompleted);
        Assert.Equal(0, _table.Changes);
        await _lab.RenewAsync(2);
        await _lab.Time.RunAsync(removing);

        Assert.Equal(SiloStatus.Dead, _table.StatusOf(gone.Address));
        Assert.Equal(SiloStatus.Active, _table.StatusOf(rejecting.Address));
        Assert.InRange((_lab.Store.Now - NodeFacts.Now).TotalSeconds, 5, 7.5);
    }

    [Fact]
    public async Task One_that_does_not_answer_is_dead_once_its_lease_is_over_and_it_had_one_lease_to_renew_it()
    {
        var (silent, unreachable) = (await AddAsync(1), await AddAsync(2));
        _lab.Pass(60); // all were killed a minute ago, or the store was away for it
        var started = _lab.Store.Now;

        var removing = RemoveAsync();
        Assert.Equal(0, _table.Changes);
        await _lab.RenewAsync(2);
        await _lab.Time.RunAsync(removing);

        Assert.Equal(SiloStatus.Dead, _table.StatusOf(silent.Address));
        Assert.Equal(SiloStatus.Active, _table.StatusOf(unreachable.Address));
        Assert.Equal((NodePhase.Dead, false), ((await _lab.RowAsync(1)).Phase, (await _lab.RowAsync(1)).IsProvedGone));
        Assert.Equal(NodePhase.Alive, (await _lab.RowAsync(2)).Phase);
        Assert.InRange((_lab.Store.Now - started).TotalSeconds, 5, 7.5);
        Assert.NotNull(await _lab.Incidents.FindAsync(silent.Incarnation, CancellationToken.None));
    }

    [Fact]
    public async Task One_that_listens_is_waited_for_only_if_it_is_late()
    {
        var (fresh, late) = (await AddAsync(1), await AddAsync(2));
        _lab.Prover.Listening.UnionWith([fresh.Incarnation, late.Incarnation]);
        _lab.Pass(4);
        await _lab.RenewAsync(1);

        await _lab.Time.RunAsync(RemoveAsync());

        Assert.Equal(SiloStatus.Active, _table.StatusOf(fresh.Address));
        Assert.Equal(SiloStatus.Dead, _table.StatusOf(late.Address)); // frozen: the kernel accepts for it
    }

    [Fact]
    public async Task Nobody_waits_who_joins_a_cluster_that_is_well()
    {
        var living = await AddAsync(1);
        _lab.Prover.Listening.Add(living.Incarnation);

        await RemoveAsync();

        Assert.Equal(0, _table.Changes);
    }

    [Fact]
    public async Task One_whose_life_the_store_has_ended_is_dead_and_one_that_left_and_still_stops_is_not_disturbed()
    {
        var (dead, left) = (await AddAsync(1), await AddAsync(2));
        _lab.Prover.Listening.UnionWith([dead.Incarnation, left.Incarnation]);
        await _lab.Store.EndNodeAsync(new NodeEnd { Incarnation = dead.Incarnation, Phase = NodePhase.Dead, IsProvedGone = true }, CancellationToken.None);
        await _lab.Store.EndNodeAsync(new NodeEnd { Incarnation = left.Incarnation, Phase = NodePhase.Left, IsProvedGone = true }, CancellationToken.None);

        await RemoveAsync();

        Assert.Equal(SiloStatus.Dead, _table.StatusOf(dead.Address));
        Assert.Equal(SiloStatus.Active, _table.StatusOf(left.Address));
    }

    [Fact]
    public async Task After_a_step_of_the_clock_of_the_store_leases_are_waited_for_anew()
    {
        var silent = await AddLeasedForAnHourAsync(1);
        var removing = RemoveAsync();
        await _lab.Time.RunAsync(removing, TimeSpan.FromSeconds(20));
        _lab.Time.Step(TimeSpan.FromHours(2)); // seen at the next reading of the store's time, which is 30 s after the first

        await _lab.Time.RunAsync(removing, TimeSpan.FromSeconds(13));
        Assert.Equal(1, _lab.Store.ClockSteps);
        Assert.Equal(SiloStatus.Active, _table.StatusOf(silent.Address)); // its lease has ended, and had it been another time it would be condemned
        await _lab.Time.RunAsync(removing);

        Assert.Equal(SiloStatus.Dead, _table.StatusOf(silent.Address));
    }

    [Fact]
    public async Task While_the_store_can_only_be_read_nobody_is_condemned_and_whoever_renews_afterwards_lives()
    {
        var (well, silent) = (await AddAsync(1), await AddAsync(2));
        _lab.Engine.Plan = call => !call.IsWrite ? InjectedFault.None : InjectedFault.Unreachable;
        var removing = RemoveAsync();
        await _lab.Time.RunAsync(removing, TimeSpan.FromSeconds(12));
        Assert.Equal(0, _table.Changes);

        _lab.Engine.Plan = FaultPlans.Nothing;
        await _lab.Time.RunAsync(removing, TimeSpan.FromSeconds(1));
        await _lab.RenewAsync(1);
        await _lab.Time.RunAsync(removing);

        Assert.Equal((NodePhase.Alive, SiloStatus.Active), ((await _lab.RowAsync(1)).Phase, _table.StatusOf(well.Address)));
        Assert.Equal((NodePhase.Dead, SiloStatus.Dead), ((await _lab.RowAsync(2)).Phase, _table.StatusOf(silent.Address)));
    }

    [Fact]
    public async Task A_store_that_is_away_meanwhile_costs_time_and_not_the_start()
    {
        var silent = await AddAsync(1);
        var removing = RemoveAsync();
        _lab.Engine.IsReachable = false;
        await _lab.Time.RunAsync(removing, TimeSpan.FromSeconds(8));
        Assert.Equal(0, _table.Changes);

        _lab.Engine.IsReachable = true;
        await _lab.Time.RunAsync(removing);

        Assert.Equal(SiloStatus.Dead, _table.StatusOf(silent.Address));
    }

    [Fact]
    public async Task One_whose_lease_seems_to_run_for_long_is_left_to_Orleans()
    {
        var silent = await AddLeasedForAnHourAsync(1); // or the store's clock was set back

        await _lab.Time.RunAsync(RemoveAsync());

        Assert.Equal(SiloStatus.Active, _table.StatusOf(silent.Address));
        Assert.InRange((_lab.Store.Now - NodeFacts.Now).TotalSeconds, 90, 92);
    }

    [Fact]
    public async Task One_that_is_gone_meanwhile_is_not_waited_for_any_longer()
    {
        var frozen = await AddAsync(1);
        _lab.Prover.Listening.Add(frozen.Incarnation);
        _lab.Pass(4);
        var removing = RemoveAsync();

        _lab.Prover.Bury(frozen.Incarnation);
        await _lab.Time.RunAsync(removing);

        Assert.Equal(SiloStatus.Dead, _table.StatusOf(frozen.Address));
        Assert.InRange((_lab.Store.Now - NodeFacts.Now).TotalSeconds, 4, 6);
    }

    private async Task<NodeInfo> AddAsync(int number)
    {
        var info = await _lab.JoinAsync(number);
        _table.Add(info.Address, SiloStatus.Active);
        return info;
    }

    private async Task<NodeInfo> AddLeasedForAnHourAsync(int number)
    {
        var length = _lab.Detection.LeaseLength;
        _lab.Detection.LeaseLength = TimeSpan.FromHours(1);
        var info = await AddAsync(number);
        _lab.Detection.LeaseLength = length;
        return info;
    }

    private Task RemoveAsync(SiloAddress? self = null) => _lab.StaleSilos(_table, self).RemoveAsync(CancellationToken.None);
}
