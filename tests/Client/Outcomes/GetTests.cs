using FaultTolerance.Client.Tests.Calls;
using FaultTolerance.Client.Tests.Clusters;
using FaultTolerance.Gateways;

namespace FaultTolerance.Client.Tests.Outcomes;

/// <summary>Getting values: told in time, told early, told twice, failed, unknown, too late.</summary>
public sealed class GetTests
{
    private static readonly Digest Value = new("abc", 7);

    [Fact]
    public async Task A_value_comes_when_its_outcome_is_told()
    {
        await using var cluster = FakeCluster.Start();
        var reference = await SubmitAsync(cluster);

        var get = cluster.Client.GetAsync(reference);
        Assert.False(get.IsCompleted);
        await cluster.TellAsync(FakeCluster.Succeeded(reference.TaskId, Value));

        Assert.Equal(Value, await get);
        Assert.False(cluster.HasQuestion);
    }

    [Fact]
    public async Task An_outcome_that_was_told_before_anybody_asked_is_kept()
    {
        await using var cluster = FakeCluster.Start();
        var reference = await SubmitAsync(cluster);
        await cluster.TellAsync(FakeCluster.Succeeded(reference.TaskId, Value));

        Assert.Equal(Value, await cluster.Client.GetAsync(reference));
        Assert.Equal(Value, await cluster.Client.GetAsync(reference));
        Assert.False(cluster.HasQuestion);
    }

    [Fact]
    public async Task An_outcome_may_come_before_the_reply_to_its_submit()
    {
        await using var cluster = FakeCluster.Start();
        var submitted = cluster.Client.SubmitAsync((FileTasks t) => t.Digest("/a"));
        var arrived = await cluster.NextSubmitAsync();
        await cluster.TellAsync(FakeCluster.Succeeded(arrived.Request[0].Id, Value));
        arrived.Accept();

        Assert.Equal(Value, await cluster.Client.GetAsync(await submitted));
        Assert.False(cluster.HasQuestion);
    }

    [Fact]
    public async Task The_first_of_doubled_outcomes_counts()
    {
        await using var cluster = FakeCluster.Start();
        var reference = await SubmitAsync(cluster);

        var told = FakeCluster.Succeeded(reference.TaskId, Value);
        await cluster.TellAsync(told, told);
        await cluster.TellAsync(FakeCluster.Succeeded(reference.TaskId, new Digest("other", 1)));

        Assert.Equal(Value, await cluster.Client.GetAsync(reference));
        Assert.Equal((1, 1), (cluster.Core.Outcomes.Count, cluster.Core.Outcomes.Kept.Count));
    }

    [Fact]
    public async Task Several_callers_wait_for_one_value()
    {
        await using var cluster = FakeCluster.Start();
        var reference = await SubmitAsync(cluster);

        var gets = Enumerable.Range(0, 5).Select(_ => cluster.Client.GetAsync(reference)).ToArray();
        Assert.Equal(1, cluster.Core.Outcomes.WaitedForCount);
        await cluster.TellAsync(FakeCluster.Succeeded(reference.TaskId, Value));

        Assert.All(await Task.WhenAll(gets), value => Assert.Equal(Value, value));
        Assert.Equal(0, cluster.Core.Outcomes.WaitedForCount);
    }

    [Fact]
    public async Task A_failed_task_throws_its_failure()
    {
        await using var cluster = FakeCluster.Start();
        var reference = await SubmitAsync(cluster);
        await cluster.TellAsync(FakeCluster.Failed(reference.TaskId));

        var failed = await Assert.ThrowsAsync<TaskFailedException>(() => cluster.Client.GetAsync(reference));

        Assert.Equal(("disk on fire", "System.IO.IOException", reference.TaskId), (failed.Failure.Message, failed.Failure.ExceptionType, failed.Failure.TaskId));
    }

    [Fact]
    public async Task A_cancelled_task_throws_that_it_was_cancelled()
    {
        await using var cluster = FakeCluster.Start();
        var reference = await SubmitAsync(cluster);
        await cluster.TellAsync(FakeCluster.Failed(reference.TaskId, "by hand") with { Phase = TaskPhase.Cancelled });

        var cancelled = await Assert.ThrowsAsync<TaskCancelledException>(() => cluster.Client.GetAsync(reference));

        Assert.Equal("by hand", cancelled.Failure.Message);
    }

    [Fact]
    public async Task A_wait_ends_exactly_at_its_timeout_and_the_task_goes_on()
    {
        await using var cluster = FakeCluster.Start();
        var reference = await SubmitAsync(cluster);

        var get = cluster.Client.GetAsync(reference, TimeSpan.FromSeconds(1.5));
        cluster.Clock.Advance(TimeSpan.FromSeconds(1.5) - TimeSpan.FromTicks(1));
        Assert.False(get.IsCompleted);
        cluster.Clock.Advance(TimeSpan.FromTicks(1));

        var timeout = await Assert.ThrowsAsync<TimeoutException>(() => get);
        Assert.Equal($"Task {reference.TaskId} has not ended within 1.5 s. It goes on.", timeout.Message);
        await cluster.TellAsync(FakeCluster.Succeeded(reference.TaskId, Value));
        Assert.Equal(Value, await cluster.Client.GetAsync(reference));
    }

    [Fact]
    public async Task A_caller_that_gives_up_leaves_nothing_behind()
    {
        await using var cluster = FakeCluster.Start();
        using var stop = new CancellationTokenSource();
        var foreign = new ObjectRef<Digest>(TaskId.New());

        var get = cluster.Client.GetAsync(foreign, cancellationToken: stop.Token);
        var question = await cluster.NextQuestionAsync();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => get);
        question.Answer([]);

        Assert.Equal((0, 0), (cluster.Core.Outcomes.Count, cluster.Core.Outcomes.WaitedForCount));
    }

    [Fact]
    public async Task A_task_of_another_client_is_asked_for_at_once()
    {
        await using var cluster = FakeCluster.Start();
        var foreign = new ObjectRef<Digest>(TaskId.New());

        var get = cluster.Client.GetAsync(foreign);
        var question = await cluster.NextQuestionAsync();
        question.Answer([FakeCluster.Succeeded(foreign.TaskId, Value)]);

        Assert.Equal(Value, await get);
        Assert.Equal([foreign.TaskId], question.Request);
        Assert.Equal(TimeSpan.Zero, question.At);
    }

    [Fact]
    public async Task An_unknown_task_throws_that_it_is_unknown_and_is_not_kept()
    {
        await using var cluster = FakeCluster.Start();
        var foreign = new ObjectRef<Digest>(TaskId.New());

        var get = cluster.Client.GetAsync(foreign);
        (await cluster.NextQuestionAsync()).Answer([new TaskOutcome { Id = foreign.TaskId, IsUnknown = true }]);

        Assert.Equal(foreign.TaskId, (await Assert.ThrowsAsync<TaskUnknownException>(() => get)).TaskId);
        Assert.Equal(0, cluster.Core.Outcomes.Count);
    }

    [Fact]
    public async Task A_task_whose_submit_is_still_under_way_is_not_unknown()
    {
        await using var cluster = FakeCluster.Start();
        var reference = new ObjectRef<Digest>(TaskId.New());
        var submitted = cluster.Client.SubmitAsync((FileTasks t) => t.Digest("/a"), new SubmitOptions { Id = reference.TaskId });
        var arrived = await cluster.NextSubmitAsync();
        var get = cluster.Client.GetAsync(reference);

        await cluster.Clock.PassAsync(TimeSpan.FromSeconds(2));
        (await cluster.NextQuestionAsync()).Answer([new TaskOutcome { Id = reference.TaskId, IsUnknown = true }]);
        await cluster.Clock.SetAsync(TimeSpan.FromSeconds(3));
        Assert.False(get.IsCompleted);
        arrived.Accept();
        await submitted;
        await cluster.TellAsync(FakeCluster.Succeeded(reference.TaskId, Value));

        Assert.Equal(Value, await get);
    }

    [Fact]
    public async Task A_task_under_a_chosen_id_is_asked_for_at_once_for_it_may_have_ended_before()
    {
        await using var cluster = FakeCluster.Start();
        var reference = await cluster.AcceptedAsync(client => client.SubmitAsync((FileTasks t) => t.Digest("/a"), new SubmitOptions { Id = TaskId.New() }));

        var get = cluster.Client.GetAsync(reference);
        (await cluster.NextQuestionAsync()).Answer([FakeCluster.Succeeded(reference.TaskId, Value)]);

        Assert.Equal(Value, await get);
    }

    [Fact]
    public async Task The_task_that_holds_an_idempotency_key_is_asked_for_at_once()
    {
        await using var cluster = FakeCluster.Start();
        var holder = TaskId.New();
        var submitted = cluster.Client.SubmitAsync((FileTasks t) => t.Digest("/a"), new SubmitOptions { IdempotencyKey = "k" });
        (await cluster.NextSubmitAsync()).Answer([new SubmitReply { Id = holder }]);

        var get = cluster.Client.GetAsync(await submitted);
        var question = await cluster.NextQuestionAsync();
        question.Answer([FakeCluster.Succeeded(holder, Value)]);

        Assert.Equal(Value, await get);
        Assert.Equal([holder], question.Request);
    }

    [Fact]
    public async Task The_empty_reference_is_refused()
    {
        await using var cluster = FakeCluster.Start();

        await Assert.ThrowsAsync<ArgumentException>(() => cluster.Client.GetAsync(default(ObjectRef<Digest>)));
        await Assert.ThrowsAsync<ArgumentException>(() => cluster.Client.WaitAnyAsync([default(ObjectRef<Digest>)]));
    }

    [Fact]
    public async Task A_client_that_stops_fails_those_who_wait()
    {
        var cluster = FakeCluster.Start();
        var reference = await SubmitAsync(cluster);
        var get = cluster.Client.GetAsync(reference);
        var wait = cluster.Client.WaitAnyAsync([reference]);

        await cluster.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => get);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => wait);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => cluster.Client.GetAsync(reference));
    }

    private static Task<ObjectRef<Digest>> SubmitAsync(FakeCluster cluster) =>
        cluster.AcceptedAsync(client => client.SubmitAsync((FileTasks t) => t.Digest("/a")));
}
