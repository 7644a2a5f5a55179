using System.Net;
using FaultTolerance.Grains.Nodes;
using FaultTolerance.Storage.Nodes;
using Microsoft.Extensions.Logging.Abstractions;

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
    public async Task While_its_lease_runs_one_that_refuses_is_waited_for_once_for_it_may_live_behind_a_firewall()
    {
        var (gone, rejecting) = (await _lab.JoinAsync(1), await _lab.JoinAsync(2));
        _lab.Prover.Refusing.UnionWith([gone.Incarnation, rejecting.Incarnation]);
        _table.Add(gone.Address, SiloStatus.Active);
        _table.Add(rejecting.Address, SiloStatus.Active);

        var removing = RemoveAsync();
        Assert.False(removing.IsCompleted);
        Assert.Equal(0, _table.Changes);
        _lab.Pass(4);
        await _lab.RenewAsync(2);
        _lab.Pass(1.01);
        await removing;

        Assert.Equal(SiloStatus.Dead, _table.StatusOf(gone.Address));
        Assert.Equal(SiloStatus.Active, _table.StatusOf(rejecting.Address));
    }

    private Task RemoveAsync(SiloAddress? self = null) => new StaleSilos(
        _table, _lab.Store, _lab.Directory, _lab.Prover, new FakeSilo(self ?? NodeFacts.Info(9).Address), _lab.Time, NullLogger<StaleSilos>.Instance)
        .RemoveAsync(CancellationToken.None);

    private sealed class FakeSilo(SiloAddress address) : ILocalSiloDetails
    {
        public string Name => "node-9";

        public string ClusterId => "test";

        public string DnsHostName => "localhost";

        public SiloAddress SiloAddress => address;

        public SiloAddress GatewayAddress => SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 0), 0);
    }
}
