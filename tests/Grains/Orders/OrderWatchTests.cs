using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Orders;
using FaultTolerance.Grains.Scheduling;
using FaultTolerance.Grains.Tests.Nodes;
using FaultTolerance.Storage;

namespace FaultTolerance.Grains.Tests.Orders;

/// <summary>How node 9, with 4 slots, carries out what stands for it in the store.</summary>
public sealed class OrderWatchTests : IAsyncLifetime
{
    private static readonly PipelineSnapshot Busy = new(1, [], false);
    private static readonly PipelineSnapshot Idle = new(0, [], true);

    private StoreLab _lab = null!;
    private NodeAgent _agent = null!;
    private OrderWatch _watch = null!;

    public async ValueTask InitializeAsync()
    {
        _lab = await StoreLab.OpenAsync();
        _lab.Detection.LeaseLength = TimeSpan.FromMinutes(10); // the waits are not about the lease
        _agent = _lab.Agent();
        _watch = _lab.OrderWatch(_agent);
        await _agent.JoinAsync(CancellationToken.None);
        await _agent.ActivateAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await _watch.DisposeAsync();
        await _agent.DisposeAsync();
        await _lab.DisposeAsync();
    }

    [Fact]
    public async Task A_node_that_is_quarantined_takes_no_work_and_says_so_in_its_row()
    {
        await OrderAsync(NodeOrderKind.Quarantine);

        Assert.Equal(new IntakeChanged(0), Intake);
        Assert.Equal(NodePhase.Quarantined, (await _lab.RowAsync(9)).Phase);
        Assert.Equal(["node-9 joined", "node-9 quarantined"], _lab.Events.Heard);
        Assert.Equal(0, _agent.Describe().SlotLimit);
        await LookAsync();
        Assert.Single(_lab.Pipeline.Posted.OfType<IntakeChanged>());
    }

    [Fact]
    public async Task Released_it_takes_one_attempt_then_two_and_then_as_many_as_before()
    {
        await OrderAsync(NodeOrderKind.Quarantine);
        await OrderAsync(NodeOrderKind.None);

        Assert.Equal(new IntakeChanged(1), Intake);
        Assert.Equal(NodePhase.Alive, (await _lab.RowAsync(9)).Phase);
        _lab.Pass(10);
        await _agent.RenewAsync(CancellationToken.None);
        Assert.Equal(new IntakeChanged(2), Intake);
        _lab.Pass(10);
        await _agent.RenewAsync(CancellationToken.None);
        Assert.Equal(new IntakeChanged(null), Intake);
        Assert.Null(_agent.Describe().SlotLimit);
        Assert.Contains("node-9 released", _lab.Events.Heard);
    }

    [Fact]
    public async Task An_automatic_quarantine_ends_by_itself()
    {
        await OrderAsync(NodeOrderKind.Quarantine, order => order with { IsAutomatic = true, EndsAt = _lab.Store.Now.AddMinutes(1) });
        _lab.Pass(59);
        await LookAsync();
        Assert.Equal(NodePhase.Quarantined, _agent.Phase);

        _lab.Pass(1);
        await LookAsync();

        Assert.Equal(NodePhase.Alive, _agent.Phase);
    }

    [Fact]
    public async Task Quarantined_again_on_its_way_back_it_takes_no_work()
    {
        await OrderAsync(NodeOrderKind.Quarantine);
        await OrderAsync(NodeOrderKind.None);
        await OrderAsync(NodeOrderKind.Quarantine);
        _lab.Pass(60);
        await _agent.RenewAsync(CancellationToken.None);

        Assert.Equal(new IntakeChanged(0), Intake);
    }

    [Fact]
    public async Task A_node_that_is_drained_lets_what_runs_finish_and_leaves()
    {
        _lab.Pipeline.Holds = Busy;
        await OrderAsync(NodeOrderKind.Drain, order => order with { Deadline = order.At.AddMinutes(5) });
        Assert.Equal(NodePhase.Draining, _agent.Phase);

        _lab.Pipeline.Holds = Idle;
        await LeftAsync();

        Assert.Equal(NodePhase.Left, (await _lab.RowAsync(9)).Phase);
        Assert.Empty(_lab.Pipeline.Posted.OfType<DrainEnded>());
    }

    [Fact]
    public async Task At_a_drains_deadline_what_runs_is_handed_over()
    {
        _lab.Pipeline.Holds = Busy;
        _lab.Pipeline.OnPost = happened => _lab.Pipeline.Holds = happened is DrainEnded ? Idle : _lab.Pipeline.Holds;
        var deadline = _lab.Store.Now.AddMinutes(5);

        await OrderAsync(NodeOrderKind.Drain, order => order with { Deadline = deadline });
        await LeftAsync();

        Assert.InRange((_lab.Store.Now - deadline).TotalSeconds, 0, 1);
        Assert.Equal(NodePhase.Left, (await _lab.RowAsync(9)).Phase);
    }

    [Fact]
    public async Task Before_its_machine_is_taken_away_a_node_hands_over_in_time()
    {
        _lab.Pipeline.Holds = Busy;
        var handedOver = new TaskCompletionSource<DateTimeOffset>();
        _lab.Pipeline.OnPost = happened =>
        {
            if (happened is DrainEnded)
            {
                handedOver.TrySetResult(_lab.Store.Now);
            }
        };
        var deadline = _lab.Store.Now.AddMinutes(2);

        await OrderAsync(NodeOrderKind.Drain, order => order with { Deadline = deadline, IsPreemption = true });
        var at = await _lab.Time.RunAsync(handedOver.Task);

        Assert.InRange((deadline - at).TotalSeconds, 4, 5);
        var record = (await _lab.NodeAsync(9)).Record;
        Assert.True(record is { IsHandingOver: true, IsPreempted: true });
    }

    [Fact]
    public async Task A_sooner_deadline_hastens_a_drain_and_a_later_one_does_not_delay_it()
    {
        _lab.Pipeline.Holds = Busy;
        _lab.Pipeline.OnPost = happened => _lab.Pipeline.Holds = happened is DrainEnded ? Idle : _lab.Pipeline.Holds;
        await OrderAsync(NodeOrderKind.Drain, order => order with { Deadline = order.At.AddHours(1) });
        var sooner = _lab.Store.Now.AddMinutes(1);

        await OrderAsync(NodeOrderKind.Drain, order => order with { Deadline = sooner });
        await OrderAsync(NodeOrderKind.Drain, order => order with { Deadline = order.At.AddHours(2) });
        await LeftAsync();

        Assert.InRange((_lab.Store.Now - sooner).TotalSeconds, 0, 1);
        Assert.Single(_lab.Pipeline.Posted.OfType<DrainStarted>());
    }

    [Fact]
    public async Task Evicted_it_hands_over_at_once()
    {
        _lab.Pipeline.Holds = Busy;
        _lab.Pipeline.OnPost = happened => _lab.Pipeline.Holds = happened is DrainEnded ? Idle : _lab.Pipeline.Holds;
        var ordered = _lab.Store.Now;

        await OrderAsync(NodeOrderKind.Evict);
        await LeftAsync();

        Assert.InRange((_lab.Store.Now - ordered).TotalSeconds, 0, 1);
    }

    [Fact]
    public async Task The_order_to_a_former_life_is_nothing_to_this_one()
    {
        await OrderAsync(NodeOrderKind.Evict, order => order with { Incarnation = NodeFacts.Life(3) });

        Assert.Equal(NodePhase.Alive, _agent.Phase);
    }

    [Fact]
    public async Task A_silo_that_is_stopped_during_a_drain_by_order_waits_for_the_rest_of_it()
    {
        _lab.Pipeline.Holds = Busy;
        await OrderAsync(NodeOrderKind.Drain, order => order with { Deadline = order.At.AddHours(1) });

        var stopping = _agent.LeaveAsync(CancellationToken.None);
        _lab.Pipeline.Holds = Idle;
        await LeftAsync();
        await stopping;

        Assert.Equal(NodePhase.Left, (await _lab.RowAsync(9)).Phase);
    }

    [Fact]
    public async Task Two_who_give_orders_at_once_both_have_their_answer_and_one_order_stands()
    {
        var orders = _lab.Orders();
        NodeOrder[] given = [.. Enumerable.Range(1, 8).Select(i => new NodeOrder { Kind = NodeOrderKind.Drain, Incarnation = _lab.Self.Incarnation, Deadline = _lab.Store.Now.AddMinutes(i) })];

        var stands = await Task.WhenAll(given.Select(order => orders.GiveAsync(_lab.Self.Info, _ => order, CancellationToken.None)));

        Assert.Equal(given[0], await orders.FindAsync("node-9", CancellationToken.None));
        Assert.All(stands, order => Assert.Equal(NodeOrderKind.Drain, order.Kind));
    }

    private IntakeChanged? Intake => _lab.Pipeline.Posted.OfType<IntakeChanged>().LastOrDefault();

    private async Task OrderAsync(NodeOrderKind kind, Func<NodeOrder, NodeOrder>? with = null)
    {
        var order = new NodeOrder { Kind = kind, Incarnation = _lab.Self.Incarnation, Reason = "A test wants it.", At = _lab.Store.Now };
        await _lab.Orders().GiveAsync(_lab.Self.Info, _ => with?.Invoke(order) ?? order, CancellationToken.None);
        await LookAsync();
    }

    private Task LookAsync() => _watch.LookAsync(CancellationToken.None);

    /// <summary>Lets time pass in steps of the node's own waits until its drain is over. To ask for a later end changes nothing.</summary>
    private async Task LeftAsync()
    {
        Assert.True(await _lab.Time.RunAsync(_agent.DrainAsync(TimeSpan.FromDays(30), isPreemption: false)));
        Assert.Contains("node-9 left", _lab.Events.Heard);
    }
}
