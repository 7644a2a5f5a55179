using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Scheduling;
using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.Nodes;
using FaultTolerance.Testing;

namespace FaultTolerance.Grains.Tests.Nodes;

/// <summary>How a node leaves: 20 s for what runs, then 5 s to hand over.</summary>
public sealed class NodeDrainTests : IAsyncLifetime
{
    private static readonly PipelineSnapshot Busy = new(1, [], false);
    private static readonly PipelineSnapshot Idle = new(0, [], true);

    private StoreLab _lab = null!;
    private NodeAgent _agent = null!;

    public async ValueTask InitializeAsync()
    {
        _lab = await StoreLab.OpenAsync();
        _lab.Detection.LeaseLength = TimeSpan.FromMinutes(10); // the waits are not about the lease
        _lab.Detection.HeartbeatInterval = TimeSpan.FromSeconds(1);
        _agent = _lab.Agent();
        await _agent.JoinAsync(CancellationToken.None);
        await _agent.ActivateAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await _agent.DisposeAsync();
        await _lab.DisposeAsync();
    }

    [Fact]
    public async Task A_node_that_runs_nothing_leaves_at_once()
    {
        await _agent.LeaveAsync(CancellationToken.None);

        Assert.Equal(NodePhase.Left, (await _lab.RowAsync(9)).Phase);
        Assert.Single(_lab.Pipeline.Posted.OfType<DrainStarted>());
        Assert.Empty(_lab.Pipeline.Posted.OfType<DrainEnded>());
        Assert.Equal(["node-9 joined", "node-9 drain started", "node-9 left"], _lab.Events.Heard);
    }

    [Fact]
    public async Task A_node_waits_for_what_runs_and_then_leaves()
    {
        _lab.Pipeline.Holds = Busy;
        var leaving = _agent.LeaveAsync(CancellationToken.None);
        await PassAsync(19);
        Assert.False(leaving.IsCompleted);

        _lab.Pipeline.Holds = Idle;
        await PassUntilAsync(leaving);

        Assert.Equal(NodePhase.Left, (await _lab.RowAsync(9)).Phase);
        Assert.Empty(_lab.Pipeline.Posted.OfType<DrainEnded>());
    }

    [Fact]
    public async Task What_outlasts_the_drain_is_handed_over()
    {
        _lab.Pipeline.Holds = Busy;
        _lab.Pipeline.OnPost = happened => _lab.Pipeline.Holds = happened is DrainEnded ? Idle : _lab.Pipeline.Holds;

        await PassUntilAsync(_agent.LeaveAsync(CancellationToken.None));

        Assert.Single(_lab.Pipeline.Posted.OfType<DrainEnded>());
        Assert.Equal(NodePhase.Left, (await _lab.RowAsync(9)).Phase);
    }

    [Fact]
    public async Task A_node_gives_up_handlers_that_do_not_stop_and_has_left_all_the_same()
    {
        _lab.Pipeline.Holds = Busy;
        _lab.Pipeline.OnPost = happened => _lab.Pipeline.Holds = happened is HandOverEnded ? Idle : _lab.Pipeline.Holds;

        await PassUntilAsync(_agent.LeaveAsync(CancellationToken.None));

        Assert.Equal(NodePhase.Left, (await _lab.RowAsync(9)).Phase);
        Assert.Contains("node-9 left", _lab.Events.Heard);
    }

    [Fact]
    public async Task A_node_that_could_not_give_up_what_it_runs_does_not_say_that_it_left()
    {
        _lab.Pipeline.Holds = Busy;

        await PassUntilAsync(_agent.LeaveAsync(CancellationToken.None));

        var node = await _lab.NodeAsync(9);
        Assert.Equal(NodePhase.Draining, node.Row.Phase);
        Assert.True(node.Record.IsHandingOver);
        Assert.Equal(new LeaseChanged(false), _lab.Pipeline.Lease);
        Assert.DoesNotContain("node-9 left", _lab.Events.Heard);
    }

    [Fact]
    public async Task A_node_that_is_killed_says_nothing_and_does_nothing_more()
    {
        await _agent.LeaveAsync(new CancellationToken(canceled: true));

        Assert.NotEqual(NodePhase.Left, (await _lab.RowAsync(9)).Phase);
        Assert.Empty(_lab.Pipeline.Posted.OfType<DrainStarted>());
        Assert.Equal(new LeaseChanged(false), _lab.Pipeline.Lease);
    }

    [Fact]
    public async Task A_node_that_cannot_reach_the_store_stops_all_the_same()
    {
        _lab.Engine.IsReachable = false;

        await PassUntilAsync(_agent.LeaveAsync(CancellationToken.None));

        _lab.Engine.IsReachable = true;
        Assert.NotEqual(NodePhase.Left, (await _lab.RowAsync(9)).Phase);
        Assert.Equal(new LeaseChanged(false), _lab.Pipeline.Lease);
    }

    [Theory]
    [InlineData(InjectedFault.Unreachable)]
    [InlineData(InjectedFault.RequestLost)]
    [InlineData(InjectedFault.ReplyLost)]
    public async Task A_node_whose_word_that_it_leaves_is_lost_says_it_again(InjectedFault fault)
    {
        var strikes = 3;
        _lab.Engine.Plan = call => call.Operation == nameof(INodeRows.EndNodeAsync) && strikes-- > 0 ? fault : InjectedFault.None;

        await _lab.Time.RunAsync(_agent.LeaveAsync(CancellationToken.None));

        Assert.Equal(NodePhase.Left, (await _lab.RowAsync(9)).Phase);
        Assert.Equal(1, _lab.Events.Heard.Count(heard => heard == "node-9 left"));
    }

    [Fact]
    public async Task A_node_renews_its_lease_until_it_is_recorded_that_it_has_left()
    {
        using var leave = _lab.Engine.Hold(call => call.Operation == nameof(INodeRows.EndNodeAsync));
        using var renewals = _lab.Engine.Hold(call => call.Operation == nameof(INodeRows.RenewLeaseAsync));
        var leaving = _agent.LeaveAsync(CancellationToken.None);
        await renewals.ArrivedAsync(); // the one that tells of the drain
        renewals.Open();
        await leave.ArrivedAsync();

        using var later = _lab.Engine.Hold(call => call.Operation == nameof(INodeRows.RenewLeaseAsync));
        _lab.Pass(0.5);
        await later.ArrivedAsync();

        later.Open();
        leave.Open();
        await leaving;
        Assert.Equal(NodePhase.Left, (await _lab.RowAsync(9)).Phase);
    }

    [Fact]
    public async Task A_node_that_was_ended_by_others_while_it_left_does_not_say_that_it_left()
    {
        _lab.Pipeline.Holds = Busy;
        var leaving = _agent.LeaveAsync(CancellationToken.None);
        await PassAsync(0.5);
        await _lab.Store.EndNodeAsync(new NodeEnd { Incarnation = NodeFacts.Life(9), Phase = NodePhase.Dead, IsProvedGone = true }, CancellationToken.None);
        _lab.Pipeline.Holds = Idle;

        await PassUntilAsync(leaving);

        Assert.Equal(NodePhase.Dead, (await _lab.RowAsync(9)).Phase);
        Assert.DoesNotContain("node-9 left", _lab.Events.Heard);
    }

    [Fact]
    public async Task Leaving_twice_is_leaving_once()
    {
        await _agent.LeaveAsync(CancellationToken.None);
        await _agent.LeaveAsync(CancellationToken.None);

        Assert.Single(_lab.Pipeline.Posted.OfType<DrainStarted>());
        Assert.Equal(1, _lab.Events.Heard.Count(heard => heard == "node-9 left"));
    }

    private async Task PassAsync(double seconds)
    {
        for (var i = 0; i < seconds * 20; i++)
        {
            await Task.Yield();
            _lab.Pass(0.05);
        }
    }

    private async Task PassUntilAsync(Task task)
    {
        while (!task.IsCompleted)
        {
            await PassAsync(0.05);
        }

        await task;
    }
}
