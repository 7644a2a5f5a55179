using System.Net;
using FaultTolerance.Grains.Nodes;
using FaultTolerance.Storage.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

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

        await RemoveAsync();

        Assert.Equal(SiloStatus.Dead, _table.StatusOf(over.Address));
        Assert.Equal(SiloStatus.Dead, _table.StatusOf(ended.Address));
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
        Assert.InRange((_lab.Store.Now - NodeFacts.Now).TotalSeconds, 5, 6.5);
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
        Assert.InRange((_lab.Store.Now - started).TotalSeconds, 5, 6.5);
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
        var silent = await AddAsync(1);
        var removing = RemoveAsync();
        _lab.Time.Step(TimeSpan.FromMinutes(5));

        await _lab.Time.RunAsync(removing);

        Assert.Equal(SiloStatus.Dead, _table.StatusOf(silent.Address));
    }

    private async Task<NodeInfo> AddAsync(int number)
    {
        var info = await _lab.JoinAsync(number);
        _table.Add(info.Address, SiloStatus.Active);
        return info;
    }

    private Task RemoveAsync(SiloAddress? self = null) => new StaleSilos(
        _table,
        _lab.Store,
        _lab.Directory,
        _lab.Prover,
        _lab.Deaths(),
        new FakeSilo(self ?? NodeFacts.Info(9).Address),
        _lab.Clock,
        Options.Create(_lab.Detection),
        _lab.Time,
        NullLogger<StaleSilos>.Instance).RemoveAsync(CancellationToken.None);

    private sealed class FakeSilo(SiloAddress address) : ILocalSiloDetails
    {
        public string Name => "node-9";

        public string ClusterId => "test";

        public string DnsHostName => "localhost";

        public SiloAddress SiloAddress => address;

        public SiloAddress GatewayAddress => SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 0), 0);
    }
}
