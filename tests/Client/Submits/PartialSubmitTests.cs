using FaultTolerance.Client.Tests.Calls;
using FaultTolerance.Client.Tests.Clusters;
using FaultTolerance.Gateways;

namespace FaultTolerance.Client.Tests.Submits;

/// <summary>Many calls at once of which one cannot be accepted: nothing is enqueued, or the caller is told what is.</summary>
public sealed class PartialSubmitTests
{
    [Fact]
    public async Task A_call_that_cannot_be_sent_is_found_before_any_is_sent()
    {
        await using var cluster = FakeCluster.Start();

        var rejected = await Assert.ThrowsAsync<SubmitRejectedException>(
            () => cluster.Client.SubmitManyAsync((FileTasks t, string path) => t.Digest(path), Paths(2_000, tooLarge: 700)));

        Assert.Equal(SubmitRejection.TooLarge, rejected.Reason);
        Assert.False(cluster.HasSubmit);
    }

    [Fact]
    public async Task Where_items_are_streamed_the_failure_has_the_ids_of_all_that_were_accepted()
    {
        await using var cluster = FakeCluster.Start(options => (options.MaxBatch, options.MaxBatchesUnderWay) = (2, 2));

        var submitted = cluster.Client.SubmitManyAsync((FileTasks t, string path) => t.Digest(path), Paths(20, tooLarge: 6));
        var accepted = await AcceptAsync(cluster, batches: 2);

        var failure = await Assert.ThrowsAsync<PartialSubmitException>(() => submitted);
        Assert.Equal(accepted, failure.Accepted.ToDictionary(one => $"/{one.Key}", one => one.Value));
        Assert.Equal((4, 0, false), (failure.Accepted.Count, failure.Unknown.Count, failure.IsRetryable));
        Assert.Equal(SubmitRejection.TooLarge, Assert.IsType<SubmitRejectedException>(failure.InnerException).Reason);
        Assert.Equal(
            "4 of the calls that were submitted at once were accepted and go on (Accepted), of 0 it is unknown (Unknown), and no others were enqueued. " +
            $"Submit the others without these, or cancel these. The first failure was: {failure.InnerException.Message}",
            failure.Message);
        Assert.False(cluster.HasSubmit);
    }

    [Fact]
    public async Task What_a_stream_throws_does_not_hide_what_was_accepted()
    {
        await using var cluster = FakeCluster.Start(options => (options.MaxBatch, options.MaxBatchesUnderWay) = (1, 1));
        static IEnumerable<string> Broken()
        {
            yield return "/0";
            yield return "/1";
            throw new IOException("the folder vanished");
        }

        var submitted = cluster.Client.SubmitManyAsync((FileTasks t, string path) => t.Digest(path), Broken());
        var accepted = await AcceptAsync(cluster, batches: 1);

        var failure = await Assert.ThrowsAsync<PartialSubmitException>(() => submitted);
        Assert.Equal((0, accepted["/0"]), (Assert.Single(failure.Accepted).Key, failure.Accepted[0]));
        Assert.Equal("the folder vanished", Assert.IsType<IOException>(failure.InnerException).Message);
    }

    [Fact]
    public async Task A_gateway_that_rejects_one_call_does_not_hide_the_others()
    {
        await using var cluster = FakeCluster.Start();
        var submitted = cluster.Client.SubmitManyAsync((FileTasks t, string path) => t.Digest(path), Paths(3));

        var batch = await cluster.NextSubmitAsync();
        batch.Answer([.. batch.Request.Select((call, i) => new SubmitReply { Id = call.Id, Rejection = i == 1 ? SubmitRejection.NotStorable : null, Message = "odd" })]);

        var failure = await Assert.ThrowsAsync<PartialSubmitException>(() => submitted);
        Assert.Equal([(0, batch.Request[0].Id), (2, batch.Request[2].Id)], failure.Accepted.Select(one => (one.Key, one.Value)).Order());
        var rejected = Assert.IsType<SubmitRejectedException>(failure.InnerException);
        Assert.Equal((SubmitRejection.NotStorable, "odd", batch.Request[1].Id), (rejected.Reason, rejected.Message, rejected.TaskId));
    }

    [Fact]
    public async Task What_has_no_answer_is_told_beside_what_was_accepted()
    {
        await using var cluster = FakeCluster.Start(options => (options.MaxBatch, options.CallTimeout, options.SubmitTimeout) = (2, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5)));
        var submitted = cluster.Client.SubmitManyAsync((FileTasks t, string path) => t.Digest(path), Paths(4));
        var (one, two) = (await cluster.NextSubmitAsync(), await cluster.NextSubmitAsync());

        one.Accept();
        cluster.Clock.Advance(TimeSpan.FromSeconds(5));

        var failure = await Assert.ThrowsAsync<PartialSubmitException>(() => submitted);
        Assert.Equal(Numbers(one), failure.Accepted);
        Assert.Equal(Numbers(two), failure.Unknown);
        Assert.IsType<SubmitTimeoutException>(failure.InnerException);
    }

    private static async Task<Dictionary<string, TaskId>> AcceptAsync(FakeCluster cluster, int batches)
    {
        var accepted = new Dictionary<string, TaskId>();
        for (var i = 0; i < batches; i++)
        {
            var batch = await cluster.NextSubmitAsync();
            batch.Accept();
            foreach (var call in batch.Request)
            {
                accepted.Add(Reading.Value<string>(call.Arguments[0]), call.Id);
            }
        }

        return accepted;
    }

    private static Dictionary<int, TaskId> Numbers(GatewayCall<IReadOnlyList<TaskCall>, IReadOnlyList<SubmitReply>> batch) =>
        batch.Request.ToDictionary(call => int.Parse(Reading.Value<string>(call.Arguments[0])[1..]), call => call.Id);

    private static IEnumerable<string> Paths(int count, int? tooLarge = null) =>
        Enumerable.Range(0, count).Select(i => i == tooLarge ? new string('x', 4_000_001) : $"/{i}");
}
