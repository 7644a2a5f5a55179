using FaultTolerance.Client.Tests.Calls;
using FaultTolerance.Client.Tests.Clusters;

namespace FaultTolerance.Client.Tests.Submits;

/// <summary>How the single submits of many callers gather.</summary>
public sealed class BatchTests
{
    [Fact]
    public async Task Lone_submits_are_sent_at_once_and_apart()
    {
        await using var cluster = FakeCluster.Start();

        var first = Submit(cluster, "/1");
        var firstBatch = await cluster.NextSubmitAsync();
        var second = Submit(cluster, "/2");
        var secondBatch = await cluster.NextSubmitAsync();
        firstBatch.Accept();
        secondBatch.Accept();

        Assert.Equal([(await first).TaskId], firstBatch.Request.Select(call => call.Id));
        Assert.Equal([(await second).TaskId], secondBatch.Request.Select(call => call.Id));
        Assert.NotEqual(firstBatch.Key, secondBatch.Key);
    }

    [Fact]
    public async Task Submits_gather_while_batches_are_under_way()
    {
        await using var cluster = FakeCluster.Start(options => options.MaxBatchesUnderWay = 2);
        var submits = new List<Task<ObjectRef<Digest>>> { Submit(cluster, "/1") };
        var one = await cluster.NextSubmitAsync();
        submits.Add(Submit(cluster, "/2"));
        var two = await cluster.NextSubmitAsync();
        submits.AddRange(Enumerable.Range(3, 700).Select(i => Submit(cluster, $"/{i}")));

        one.Accept();
        var three = await cluster.NextSubmitAsync();
        two.Accept();
        var four = await cluster.NextSubmitAsync();
        three.Accept();
        four.Accept();

        Assert.Equal([500, 200], [three.Request.Count, four.Request.Count]);
        var ids = (await Task.WhenAll(submits)).Select(reference => reference.TaskId);
        Assert.Equal(one.Request.Concat(two.Request).Concat(three.Request).Concat(four.Request).Select(call => call.Id), ids);
    }

    [Fact]
    public async Task The_more_batches_are_under_way_the_more_gather_for_the_next()
    {
        await using var cluster = FakeCluster.Start();
        var submits = new List<Task<ObjectRef<Digest>>> { Submit(cluster, "/1") };
        var under = new[] { await cluster.NextSubmitAsync(), null! };
        submits.Add(Submit(cluster, "/2"));
        under[1] = await cluster.NextSubmitAsync();

        submits.AddRange(Enumerable.Range(0, 15).Select(i => Submit(cluster, $"/a{i}")));
        Assert.False(cluster.HasSubmit);
        submits.Add(Submit(cluster, "/a15"));
        var third = await cluster.NextSubmitAsync();

        Assert.Equal(16, third.Request.Count);
        Array.ForEach([.. under, third], batch => batch.Accept());
        await Task.WhenAll(submits);
    }

    [Fact]
    public async Task A_batch_ends_before_it_becomes_too_large()
    {
        await using var cluster = FakeCluster.Start(options => (options.MaxBatchesUnderWay, options.MaxBatchBytes) = (1, 10_000));
        var submits = new List<Task<ObjectRef<Digest>>> { Submit(cluster, "/1") };
        var first = await cluster.NextSubmitAsync();
        submits.AddRange(new[] { 4_000, 4_000, 4_000, 50_000, 4_000 }.Select(size => Submit(cluster, new string('x', size))));
        first.Accept();

        foreach (var expected in new[] { 2, 1, 1, 1 })
        {
            var batch = await cluster.NextSubmitAsync();
            Assert.Equal(expected, batch.Request.Count);
            batch.Accept();
        }

        await Task.WhenAll(submits);
    }

    [Fact]
    public async Task Calls_of_one_handler_share_one_header()
    {
        await using var cluster = FakeCluster.Start(options => options.MaxBatchesUnderWay = 1);
        var first = Submit(cluster, "/1");
        var one = await cluster.NextSubmitAsync();
        var others = new[] { Submit(cluster, "/2"), Submit(cluster, "/3") };
        one.Accept();
        var two = await cluster.NextSubmitAsync();
        two.Accept();
        await Task.WhenAll([first, .. others]);

        Assert.Same(two.Request[0].Header, two.Request[1].Header);
    }

    [Fact]
    public async Task Only_the_busy_part_of_a_batch_is_repeated()
    {
        await using var cluster = FakeCluster.Start(options => options.MaxBatchesUnderWay = 1);
        var first = Submit(cluster, "/1");
        var one = await cluster.NextSubmitAsync();
        var (accepted, busy, rejected) = (Submit(cluster, "/2"), Submit(cluster, "/3"), Submit(cluster, "/4"));
        one.Accept();
        var two = await cluster.NextSubmitAsync();
        two.Answer(
        [
            new() { Id = two.Request[0].Id },
            new() { Id = two.Request[1].Id, Rejection = SubmitRejection.Busy },
            new() { Id = two.Request[2].Id, Rejection = SubmitRejection.IdTaken, Message = "taken" },
        ]);

        Assert.Equal(two.Request[0].Id, (await accepted).TaskId);
        await Assert.ThrowsAsync<SubmitRejectedException>(() => rejected);
        await cluster.Clock.PassAsync(TimeSpan.FromMilliseconds(50));
        var three = await cluster.NextSubmitAsync();
        Assert.Equal(two.Request[1].Id, Assert.Single(three.Request).Id);
        three.Accept();
        await Task.WhenAll(first, busy);
    }

    [Fact]
    public async Task A_reply_that_does_not_fit_its_batch_counts_as_none()
    {
        await using var cluster = FakeCluster.Start();
        var submit = Submit(cluster, "/1");

        (await cluster.NextSubmitAsync()).Answer([]);
        await cluster.Clock.PassAsync(TimeSpan.FromMilliseconds(50));
        (await cluster.NextSubmitAsync()).Accept();

        await submit;
    }

    [Fact]
    public async Task Submits_that_could_not_even_be_sent_are_refused_as_busy_after_thirty_seconds()
    {
        await using var cluster = FakeCluster.Start(options => (options.MaxBatch, options.MaxBatchesUnderWay, options.CallTimeout) = (1, 1, TimeSpan.FromSeconds(30)));
        var underWay = Submit(cluster, "/1");
        await cluster.NextSubmitAsync();
        var waiting = new[] { Submit(cluster, "/2"), Submit(cluster, "/3") };

        cluster.Clock.Advance(TimeSpan.FromSeconds(30));

        await Assert.ThrowsAsync<SubmitTimeoutException>(() => underWay);
        foreach (var submit in waiting)
        {
            Assert.Equal(SubmitRejection.Busy, (await Assert.ThrowsAsync<SubmitRejectedException>(() => submit)).Reason);
        }

        Assert.False(cluster.HasSubmit);
        Assert.Equal(0, cluster.Core.Outcomes.Count);
    }

    [Fact]
    public async Task Too_many_waiting_submits_are_refused_as_busy()
    {
        await using var cluster = FakeCluster.Start(options => (options.MaxBatchesUnderWay, options.MaxPendingSubmits) = (1, 2));
        var submits = new List<Task<ObjectRef<Digest>>> { Submit(cluster, "/1") };
        var first = await cluster.NextSubmitAsync();
        submits.AddRange([Submit(cluster, "/2"), Submit(cluster, "/3")]);

        var refused = await Assert.ThrowsAsync<SubmitRejectedException>(() => Submit(cluster, "/4"));

        Assert.Equal((SubmitRejection.Busy, true), (refused.Reason, refused.IsRetryable));
        Assert.Equal(
            "The call of files.digest was not accepted, because 2 submits of this client already wait to be sent. Nothing was enqueued. " +
            "Await submits before making more, use SubmitManyAsync, or raise FaultToleranceClientOptions.MaxPendingSubmits.",
            refused.Message);
        Assert.Equal(3, cluster.Core.Outcomes.Count);
        first.Accept();
        (await cluster.NextSubmitAsync()).Accept();
        await Task.WhenAll(submits);
    }

    private static Task<ObjectRef<Digest>> Submit(FakeCluster cluster, string path) => cluster.Client.SubmitAsync((FileTasks t) => t.Digest(path));
}
