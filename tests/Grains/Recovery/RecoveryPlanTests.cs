using FaultTolerance.Grains.Recovery;
using FaultTolerance.Grains.Tasks;
using FaultTolerance.Grains.Tests.Nodes;
using FaultTolerance.Grains.Tests.Tasks;

namespace FaultTolerance.Grains.Tests.Recovery;

public sealed class RecoveryPlanTests
{
    private static readonly IReadOnlySet<TaskId> None = new HashSet<TaskId>();
    private long _token;

    [Fact]
    public void An_attempt_on_a_crashed_node_is_tried_again_at_the_cost_of_a_crash()
    {
        var commit = Assert.Single(Decide(OwnerFate.Crashed, None, TaskLives.Running()));

        Assert.Equal(TaskPhase.Queued, commit.After.Phase);
        Assert.Equal(1, commit.After.Life.RetriesOf(FailureKind.Crash));
        Assert.Equal(1, commit.After.Life.Charges);
        Assert.Equal("The process of node node-1 died during the attempt.", commit.After.Life.Failure!.Message);
        Assert.Equal((TaskLives.Running().Attempt, TaskLives.Owner), (commit.Before.Attempt, commit.Before.Owner));
        Assert.Equal(1, commit.Token);
    }

    [Fact]
    public void An_attempt_on_a_lost_node_has_a_budget_of_its_own()
    {
        var commit = Assert.Single(Decide(OwnerFate.Lost, None, TaskLives.Running()));

        Assert.Equal(1, commit.After.Life.RetriesOf(FailureKind.NodeLost));
        Assert.Equal(0, commit.After.Life.RetriesOf(FailureKind.Crash));
    }

    [Fact]
    public void An_attempt_that_had_not_started_costs_nothing()
    {
        var commit = Assert.Single(Decide(OwnerFate.Crashed, new HashSet<TaskId> { TaskLives.Id }, TaskLives.Running()));

        Assert.Equal(TaskPhase.Queued, commit.After.Phase);
        Assert.Empty(commit.After.Life.Retries);
        Assert.Equal(0, commit.After.Life.Charges);
    }

    [Fact]
    public void An_attempt_that_has_saved_progress_had_started_whatever_the_last_heartbeat_said()
    {
        var running = TaskLives.Running();
        var saved = running with { Life = running.Life with { Progress = new SavedProgress { Value = [1], Type = "int", Attempt = running.Attempt } } };

        var commit = Assert.Single(Decide(OwnerFate.Crashed, new HashSet<TaskId> { TaskLives.Id }, saved));

        Assert.Equal(1, commit.After.Life.RetriesOf(FailureKind.Crash));
    }

    [Fact]
    public void An_attempt_whose_node_left_moves_at_no_cost()
    {
        var commit = Assert.Single(Decide(OwnerFate.Left, None, TaskLives.Running()));

        Assert.Equal(TaskPhase.Queued, commit.After.Phase);
        Assert.Equal(0, commit.After.Life.Charges);
        Assert.Equal(FailureKind.Drained, commit.After.Life.Failure!.Kind);
        Assert.Equal(FailureResponse.Requeued, commit.After.Life.Failure.Response);
    }

    [Theory]
    [InlineData(nameof(OwnerFate.Crashed))]
    [InlineData(nameof(OwnerFate.Lost))]
    [InlineData(nameof(OwnerFate.Left))]
    public void At_most_once_is_at_most_once_whatever_became_of_the_node(string fate)
    {
        var once = TaskLives.Running(new TaskRetryPolicy { MaxAttempts = 1 });

        var commit = Assert.Single(Decide(Enum.Parse<OwnerFate>(fate), new HashSet<TaskId> { TaskLives.Id }, once));

        Assert.Equal(TaskPhase.Failed, commit.After.Phase);
    }

    [Fact]
    public void A_row_that_cannot_be_read_is_ended_or_it_would_be_found_for_ever()
    {
        var commit = Assert.Single(Decide(OwnerFate.Crashed, None, TaskLives.Running() with { Damage = "It is damaged." }));

        Assert.Equal(TaskPhase.Failed, commit.After.Phase);
        Assert.Equal("It is damaged.", commit.After.Life.Failure!.Message);
    }

    [Theory]
    [InlineData(TaskPhase.Queued)]
    [InlineData(TaskPhase.Succeeded)]
    [InlineData(TaskPhase.Waiting)]
    public void A_task_that_is_not_the_owners_any_more_is_left_alone(TaskPhase phase) =>
        Assert.Empty(Decide(OwnerFate.Crashed, None, TaskLives.InPhase(phase)));

    [Fact]
    public void A_task_of_another_owner_is_left_alone() =>
        Assert.Empty(Decide(OwnerFate.Crashed, None, TaskLives.Running() with { Owner = TaskLives.OtherOwner }));

    [Theory]
    [InlineData(FailureKind.Crash, false, nameof(OwnerFate.Crashed))]
    [InlineData(FailureKind.NodeLost, false, nameof(OwnerFate.Lost))]
    [InlineData(FailureKind.Crash, true, nameof(OwnerFate.Left))] // taken away past the deadline of its drain
    public void The_incident_and_the_nodes_last_word_say_what_its_attempts_cost(FailureKind kind, bool isHandingOver, string fate)
    {
        var dead = NodeFacts.Node(1, NodePhase.Dead);
        var waiting = TaskId.New();
        var owner = RecoveryPlan.OwnerOf(dead with { Record = dead.Record with { IsHandingOver = isHandingOver, Waiting = [waiting] } }, kind);

        Assert.Equal(fate, owner.Fate.ToString());
        Assert.Equal((NodeFacts.Life(1), "node-1"), (owner.Incarnation, owner.Node));
        Assert.Contains(waiting, owner.Waiting);
    }

    [Fact]
    public void A_life_that_left_costs_nothing_whatever_the_incident() =>
        Assert.Equal(OwnerFate.Left, RecoveryPlan.OwnerOf(NodeFacts.Node(1, NodePhase.Left), FailureKind.NodeLost).Fate);

    [Fact]
    public void Every_dead_node_and_every_sweep_has_one_shard_and_all_shards_have_work()
    {
        var shards = Enumerable.Range(0, 1_000).Select(i => RecoveryDuties.ShardOf(NodeFacts.Life(i), 4)).ToList();

        Assert.All(Enumerable.Range(0, 4), shard => Assert.InRange(shards.Count(other => other == shard), 200, 300));
        Assert.Equal([0, 1, 2, 3, 0, 1, 2], Enum.GetValues<RecoverySweep>().Select(sweep => RecoveryDuties.ShardOf(sweep, 4)));
        Assert.All(Enum.GetValues<RecoverySweep>(), sweep => Assert.Equal(0, RecoveryDuties.ShardOf(sweep, 1)));
    }

    private IReadOnlyList<TaskCommit> Decide(OwnerFate fate, IReadOnlySet<TaskId> waiting, params TaskState[] tasks) => RecoveryPlan.Decide(
        new LostOwner(TaskLives.Owner, TaskLives.Node, fate, waiting), tasks, new TaskRetryPolicy(), TaskLives.Now, () => 0.5, () => ++_token);
}
