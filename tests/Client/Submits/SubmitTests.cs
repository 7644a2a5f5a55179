using System.Diagnostics;
using FaultTolerance.Client.Tests.Calls;
using FaultTolerance.Client.Tests.Clusters;
using FaultTolerance.Gateways;
using Orleans.Runtime;

namespace FaultTolerance.Client.Tests.Submits;

/// <summary>Single submits, against a cluster that loses requests and replies.</summary>
public sealed class SubmitTests
{
    // So that a test can tell the end of a pause from the end of the wait for an answer.
    private static readonly TimeSpan UnlikeAnyPause = TimeSpan.FromMilliseconds(123);

    [Fact]
    public async Task An_accepted_submit_returns_the_reference_to_its_result()
    {
        await using var cluster = FakeCluster.Start();

        var submitted = cluster.Client.SubmitAsync((FileTasks t) => t.Digest("/a"));
        var arrived = await cluster.NextSubmitAsync();
        Assert.False(submitted.IsCompleted);
        arrived.Accept();
        var reference = await submitted;

        var call = Assert.Single(arrived.Request);
        Assert.Equal(new ObjectRef<Digest>(call.Id), reference);
        Assert.Equal(("files.digest", 1, cluster.Client.Session), (call.Header.Handler, call.Header.Version, call.Header.Session));
        Assert.Null(call.Header.Options);
        Assert.Null(call.Header.Parent);
        Assert.Equal("/a", Reading.Value<string>(Assert.Single(call.Arguments)));
    }

    [Fact]
    public async Task The_first_submit_waits_until_the_session_listens()
    {
        await using var cluster = FakeCluster.Start();
        cluster.AnswersListening = false;

        var submitted = cluster.Client.SubmitAsync((FileTasks t) => t.Digest("/a"));
        var listen = await cluster.NextListenAsync();
        Assert.Equal(TimeSpan.FromSeconds(30), listen.Request);
        Assert.False(cluster.HasSubmit);
        listen.Answer(true);
        (await cluster.NextSubmitAsync()).Accept();

        await submitted;
    }

    [Fact]
    public async Task A_session_that_cannot_listen_does_not_hold_submits_up()
    {
        await using var cluster = FakeCluster.Start();
        cluster.AnswersListening = false;

        var submitted = cluster.Client.SubmitAsync((FileTasks t) => t.Digest("/a"));
        (await cluster.NextListenAsync()).Fail(new SiloUnavailableException("gone"));
        (await cluster.NextSubmitAsync()).Accept();

        await submitted;
    }

    [Fact]
    public async Task A_call_without_an_answer_is_repeated_after_three_seconds_with_its_id_and_another_key()
    {
        await using var cluster = FakeCluster.Start();

        var submitted = cluster.Client.SubmitAsync((FileTasks t) => t.Digest("/a"));
        var lost = await cluster.NextSubmitAsync();
        await cluster.Clock.PassAsync(TimeSpan.FromSeconds(3));
        await cluster.Clock.PassAsync(TimeSpan.FromMilliseconds(50));
        var repeated = await cluster.NextSubmitAsync();
        repeated.Accept();

        Assert.Equal(lost.Request[0].Id, (await submitted).TaskId);
        Assert.Same(lost.Request[0], repeated.Request[0]);
        Assert.NotEqual(lost.Key, repeated.Key);
        Assert.Equal(TimeSpan.FromSeconds(3.05), repeated.At - lost.At);
    }

    [Fact]
    public async Task A_reply_after_the_repeat_changes_nothing()
    {
        await using var cluster = FakeCluster.Start();
        var submitted = cluster.Client.SubmitAsync((FileTasks t) => t.Digest("/a"));
        var late = await cluster.NextSubmitAsync();
        await cluster.Clock.PassAsync(TimeSpan.FromSeconds(3));
        await cluster.Clock.PassAsync(TimeSpan.FromMilliseconds(50));
        var repeated = await cluster.NextSubmitAsync();

        late.Reject(SubmitRejection.UnknownHandler);
        repeated.Accept();

        Assert.Equal(late.Request[0].Id, (await submitted).TaskId);
    }

    [Fact]
    public async Task Silos_that_cannot_be_reached_are_tried_again_after_growing_pauses()
    {
        await using var cluster = FakeCluster.Start();
        var submitted = cluster.Client.SubmitAsync((FileTasks t) => t.Digest("/a"));
        var keys = new List<long>();

        foreach (var pause in new[] { 50, 100, 200, 400, 800, 1_600, 2_000, 2_000 })
        {
            var refused = await cluster.NextSubmitAsync();
            keys.Add(refused.Key);
            refused.Fail(new SiloUnavailableException("refused"));
            await cluster.Clock.PassAsync(TimeSpan.FromMilliseconds(pause));
        }

        (await cluster.NextSubmitAsync()).Accept();
        await submitted;
        Assert.Equal(keys.Count, keys.Distinct().Count());
    }

    [Fact]
    public async Task A_submit_that_nobody_answers_fails_after_thirty_seconds_with_an_unknown_outcome()
    {
        await using var cluster = FakeCluster.Start();
        var id = TaskId.New();
        var submitted = cluster.Client.SubmitAsync((FileTasks t) => t.Digest("/a"), new SubmitOptions { Id = id });

        await LoseEveryAnswerAsync(cluster);

        var failure = await Assert.ThrowsAsync<SubmitTimeoutException>(() => submitted);
        Assert.Equal(TimeSpan.FromSeconds(30), cluster.Clock.Now);
        Assert.Equal([id], failure.TaskIds);
        Assert.True(failure.IsRetryable);
        Assert.Equal(
            $"The submit of files.digest as task {id} was not answered within 30 s, so it is unknown whether it was accepted. " +
            "The last error was: No answer came within 3 s. Submit it again under the same id, or ask for the task's snapshot.",
            failure.Message);
    }

    [Fact]
    public async Task The_same_call_may_be_submitted_again_under_the_same_id()
    {
        await using var cluster = FakeCluster.Start();
        var options = new SubmitOptions { Id = TaskId.New(), Detached = true };
        var first = cluster.Client.SubmitAsync((FileTasks t) => t.Digest("/a"), options);
        await LoseEveryAnswerAsync(cluster);
        await Assert.ThrowsAsync<SubmitTimeoutException>(() => first);

        var second = cluster.Client.SubmitAsync((FileTasks t) => t.Digest("/a"), options);
        var arrived = await cluster.NextSubmitAsync();
        arrived.Accept();

        Assert.Equal(options.Id, (await second).TaskId);
        Assert.Equal(new SubmitOptions { Detached = true }, arrived.Request[0].Header.Options);
    }

    [Theory]
    [InlineData(SubmitRejection.UnknownHandler)]
    [InlineData(SubmitRejection.InvalidArguments)]
    [InlineData(SubmitRejection.IdTaken)]
    [InlineData(SubmitRejection.InvalidOptions)]
    [InlineData(SubmitRejection.TooLarge)]
    public async Task A_rejection_reaches_the_caller_at_once(SubmitRejection reason)
    {
        await using var cluster = FakeCluster.Start();

        var submitted = cluster.Client.SubmitAsync((FileTasks t) => t.Digest("/a"));
        var arrived = await cluster.NextSubmitAsync();
        arrived.Reject(reason, "because, and how to mend it");

        var rejected = await Assert.ThrowsAsync<SubmitRejectedException>(() => submitted);
        Assert.Equal((reason, "because, and how to mend it", arrived.Request[0].Id, false), (rejected.Reason, rejected.Message, rejected.TaskId, rejected.IsRetryable));
        Assert.Equal(0, cluster.Core.Outcomes.Count);
    }

    [Fact]
    public async Task A_busy_cluster_is_tried_again()
    {
        await using var cluster = FakeCluster.Start();

        var submitted = cluster.Client.SubmitAsync((FileTasks t) => t.Digest("/a"));
        var busy = await cluster.NextSubmitAsync();
        busy.Reject(SubmitRejection.Busy);
        await cluster.Clock.PassAsync(TimeSpan.FromMilliseconds(50));
        var again = await cluster.NextSubmitAsync();
        again.Accept();

        Assert.Equal(busy.Request[0].Id, (await submitted).TaskId);
        Assert.NotEqual(busy.Key, again.Key);
    }

    [Fact]
    public async Task A_gateway_that_throws_that_it_is_busy_is_tried_again_and_one_that_throws_for_good_is_not()
    {
        await using var cluster = FakeCluster.Start();

        var submitted = cluster.Client.SubmitAsync((FileTasks t) => t.Digest("/a"));
        (await cluster.NextSubmitAsync()).Fail(new SubmitRejectedException(SubmitRejection.Busy, "the store cannot be reached"));
        await cluster.Clock.PassAsync(TimeSpan.FromMilliseconds(50));
        (await cluster.NextSubmitAsync()).Fail(new FaultToleranceException("the store is of a newer schema"));

        Assert.Equal("the store is of a newer schema", (await Assert.ThrowsAsync<FaultToleranceException>(() => submitted)).Message);
    }

    [Fact]
    public async Task A_cluster_that_stays_busy_rejects_after_thirty_seconds()
    {
        await using var cluster = FakeCluster.Start(options => options.CallTimeout = UnlikeAnyPause);
        var submitted = cluster.Client.SubmitAsync((FileTasks t) => t.Digest("/a"));

        var id = default(TaskId);
        for (var repeat = 0; cluster.Clock.Now < TimeSpan.FromSeconds(30); repeat++)
        {
            var busy = await cluster.NextSubmitAsync();
            id = busy.Request[0].Id;
            busy.Reject(SubmitRejection.Busy);
            await cluster.Clock.PassAsync(Pause(repeat, cluster));
        }

        var rejected = await Assert.ThrowsAsync<SubmitRejectedException>(() => submitted);
        Assert.Equal((SubmitRejection.Busy, true), (rejected.Reason, rejected.IsRetryable));
        Assert.Equal(
            $"The call of files.digest as task {id} was not accepted within 30 s, because the cluster is busy. " +
            "Nothing was enqueued. Submit less at a time, or try again later.",
            rejected.Message);
        Assert.Equal(0, cluster.Core.Outcomes.Count);
    }

    [Fact]
    public async Task A_busy_answer_after_a_lost_one_leaves_the_outcome_unknown()
    {
        await using var cluster = FakeCluster.Start(options => (options.SubmitTimeout, options.CallTimeout) = (TimeSpan.FromSeconds(4), UnlikeAnyPause));
        var submitted = cluster.Client.SubmitAsync((FileTasks t) => t.Digest("/a"));
        await cluster.NextSubmitAsync();
        await cluster.Clock.PassAsync(UnlikeAnyPause);
        await cluster.Clock.PassAsync(TimeSpan.FromMilliseconds(50));

        for (var repeat = 1; cluster.Clock.Now < TimeSpan.FromSeconds(4); repeat++)
        {
            (await cluster.NextSubmitAsync()).Reject(SubmitRejection.Busy);
            await cluster.Clock.PassAsync(Pause(repeat, cluster));
        }

        await Assert.ThrowsAsync<SubmitTimeoutException>(() => submitted);
    }

    [Fact]
    public async Task An_idempotency_key_that_is_held_gives_the_holders_id()
    {
        await using var cluster = FakeCluster.Start();
        var holder = TaskId.New();

        var submitted = cluster.Client.SubmitAsync((FileTasks t) => t.Digest("/a"), new SubmitOptions { IdempotencyKey = "k" });
        var arrived = await cluster.NextSubmitAsync();
        Assert.Equal("k", arrived.Request[0].Header.Options?.IdempotencyKey);
        arrived.Answer([new SubmitReply { Id = holder }]);

        Assert.Equal(holder, (await submitted).TaskId);
    }

    [Fact]
    public async Task A_caller_that_gives_up_leaves_the_others_of_its_batch_alone()
    {
        await using var cluster = FakeCluster.Start(options => options.MaxBatchesUnderWay = 1);
        using var stop = new CancellationTokenSource();
        var first = cluster.Client.SubmitAsync((FileTasks t) => t.Digest("/a"));
        var firstBatch = await cluster.NextSubmitAsync();
        var givenUp = cluster.Client.SubmitAsync((FileTasks t) => t.Digest("/b"), cancellationToken: stop.Token);
        var other = cluster.Client.SubmitAsync((FileTasks t) => t.Digest("/c"));
        firstBatch.Accept();
        await first;

        var batch = await cluster.NextSubmitAsync();
        Assert.Equal(2, batch.Request.Count);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => givenUp);
        batch.Fail(new SiloUnavailableException("gone"));
        await cluster.Clock.PassAsync(TimeSpan.FromMilliseconds(50));
        var repeated = await cluster.NextSubmitAsync();
        repeated.Accept();

        Assert.Equal((await other).TaskId, Assert.Single(repeated.Request).Id);
    }

    [Fact]
    public async Task A_cancelled_token_submits_nothing()
    {
        await using var cluster = FakeCluster.Start();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => cluster.Client.SubmitAsync((FileTasks t) => t.Digest("/a"), cancellationToken: new CancellationToken(canceled: true)));

        Assert.Equal(0, cluster.Core.Outcomes.Count);
    }

    [Fact]
    public async Task The_empty_id_is_refused()
    {
        await using var cluster = FakeCluster.Start();

        var refused = await Assert.ThrowsAsync<SubmitRejectedException>(
            () => cluster.Client.SubmitAsync((FileTasks t) => t.Digest("/a"), new SubmitOptions { Id = default(TaskId) }));

        Assert.Equal((SubmitRejection.InvalidOptions, "Id is the empty id. Make one by TaskId.New(), or leave it null."), (refused.Reason, refused.Message));
    }

    [Fact]
    public async Task A_client_inside_a_handler_submits_children_over_the_same_session()
    {
        await using var cluster = FakeCluster.Start();
        var parent = TaskId.New();
        var inside = cluster.Client.ForChildrenOf(parent);

        var submitted = inside.SubmitAsync((FileTasks t) => t.Digest("/a"));
        var arrived = await cluster.NextSubmitAsync();
        arrived.Accept();
        await submitted;

        Assert.Equal((parent, cluster.Client.Session), (arrived.Request[0].Header.Parent, arrived.Request[0].Header.Session));
        Assert.Equal(cluster.Client.Session, inside.Session);
    }

    [Fact]
    public async Task The_callers_trace_goes_along()
    {
        await using var cluster = FakeCluster.Start();
        using var activity = new Activity("caller").SetIdFormat(ActivityIdFormat.W3C).Start();

        var submitted = cluster.Client.SubmitAsync((FileTasks t) => t.Digest("/a"));
        var arrived = await cluster.NextSubmitAsync();
        arrived.Accept();
        await submitted;

        Assert.Equal(activity.Id, arrived.Request[0].Header.TraceParent);
    }

    [Fact]
    public async Task A_client_that_stops_fails_what_it_was_submitting()
    {
        var cluster = FakeCluster.Start();
        var submitted = cluster.Client.SubmitAsync((FileTasks t) => t.Digest("/a"));
        await cluster.NextSubmitAsync();

        await cluster.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => submitted);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => cluster.Client.SubmitAsync((FileTasks t) => t.Digest("/a")));
    }

    private static TimeSpan Pause(int repeat, FakeCluster cluster)
    {
        var rest = cluster.Options.SubmitTimeout - cluster.Clock.Now;
        var pause = Backoff.Delay(repeat, 0.5);
        return pause < rest ? pause : rest;
    }

    private static async Task LoseEveryAnswerAsync(FakeCluster cluster)
    {
        var end = cluster.Clock.Now + cluster.Options.SubmitTimeout;
        for (var repeat = 0; ; repeat++)
        {
            await cluster.NextSubmitAsync();
            var rest = end - cluster.Clock.Now;
            await cluster.Clock.PassAsync(rest < cluster.Options.CallTimeout ? rest : cluster.Options.CallTimeout);
            rest = end - cluster.Clock.Now;
            var pause = Backoff.Delay(repeat, 0.5);
            await cluster.Clock.PassAsync(rest < pause ? rest : pause);
            if (cluster.Clock.Now >= end)
            {
                return;
            }
        }
    }
}
