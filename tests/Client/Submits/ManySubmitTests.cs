using FaultTolerance.Client.Tests.Calls;
using FaultTolerance.Client.Tests.Clusters;
using Orleans.Runtime;
using SubmitCall = FaultTolerance.Client.Tests.Clusters.GatewayCall<
    System.Collections.Generic.IReadOnlyList<FaultTolerance.Gateways.TaskCall>, System.Collections.Generic.IReadOnlyList<FaultTolerance.Gateways.SubmitReply>>;

namespace FaultTolerance.Client.Tests.Submits;

/// <summary>Many calls at once, in batches.</summary>
public sealed class ManySubmitTests
{
    [Fact]
    public async Task Items_go_in_batches_and_their_references_come_in_order()
    {
        await using var cluster = FakeCluster.Start();

        var submitted = cluster.Client.SubmitManyAsync((FileTasks t, string path) => t.Digest(path), Paths(1_200));
        var batches = new[] { await cluster.NextSubmitAsync(), await cluster.NextSubmitAsync(), await cluster.NextSubmitAsync() };
        foreach (var batch in batches.Reverse())
        {
            batch.Accept();
        }

        var references = await submitted;
        Assert.Equal([200, 500, 500], batches.Select(batch => batch.Request.Count).Order());
        var pathOf = batches.SelectMany(batch => batch.Request).ToDictionary(call => call.Id, call => Reading.Value<string>(call.Arguments[0]));
        Assert.Equal(Paths(1_200), references.Select(reference => pathOf[reference.TaskId]));
        Assert.All(batches, batch => Assert.Single(batch.Request.Select(call => call.Header).Distinct()));
    }

    [Fact]
    public async Task No_items_need_no_call()
    {
        await using var cluster = FakeCluster.Start();

        Assert.Empty(await cluster.Client.SubmitManyAsync((FileTasks t, string path) => t.Digest(path), []));
        Assert.False(cluster.HasSubmit);
    }

    [Fact]
    public async Task Only_so_many_batches_are_under_way_and_items_are_read_as_they_are_sent()
    {
        await using var cluster = FakeCluster.Start(options => (options.MaxBatch, options.MaxBatchesUnderWay) = (10, 3));
        var read = 0;
        var paths = Paths(100).Select(path =>
        {
            read++;
            return path;
        });

        var submitted = cluster.Client.SubmitManyAsync((FileTasks t, string path) => t.Digest(path), paths);
        var first = new[] { await cluster.NextSubmitAsync(), await cluster.NextSubmitAsync(), await cluster.NextSubmitAsync() };
        Assert.Equal(41, read);
        Assert.False(cluster.HasSubmit);

        Array.ForEach(first, batch => batch.Accept());
        for (var i = 3; i < 10; i++)
        {
            (await cluster.NextSubmitAsync()).Accept();
        }

        Assert.Equal(100, (await submitted).Count);
    }

    [Fact]
    public async Task A_batch_without_an_answer_is_repeated_alone()
    {
        await using var cluster = FakeCluster.Start(options => options.MaxBatch = 10);
        var submitted = cluster.Client.SubmitManyAsync((FileTasks t, string path) => t.Digest(path), Paths(20));
        var (one, two) = (await cluster.NextSubmitAsync(), await cluster.NextSubmitAsync());

        one.Accept();
        two.Fail(new SiloUnavailableException("gone"));
        await cluster.Clock.PassAsync(TimeSpan.FromMilliseconds(50));
        var repeated = await cluster.NextSubmitAsync();
        repeated.Accept();

        Assert.Equal(two.Request, repeated.Request);
        Assert.Equal(20, (await submitted).Count);
    }

    [Fact]
    public async Task The_first_rejection_is_thrown_when_nothing_is_under_way_any_more()
    {
        await using var cluster = FakeCluster.Start(options => (options.MaxBatch, options.MaxBatchesUnderWay) = (10, 2));
        var submitted = cluster.Client.SubmitManyAsync((FileTasks t, string path) => t.Digest(path), Paths(100));
        var (first, second) = await NextTwoAsync(cluster);

        first.Reject(SubmitRejection.UnknownHandler, "no such handler");
        Assert.False(submitted.IsCompleted);
        second.Reject(SubmitRejection.UnknownHandler, "no such handler here either");

        var rejected = await Assert.ThrowsAsync<SubmitRejectedException>(() => submitted);
        Assert.Equal((SubmitRejection.UnknownHandler, "no such handler", first.Request[0].Id), (rejected.Reason, rejected.Message, rejected.TaskId));
        Assert.False(cluster.HasSubmit);
    }

    [Fact]
    public async Task Batches_that_nobody_answers_fail_with_all_their_ids()
    {
        await using var cluster = FakeCluster.Start(options => (options.MaxBatch, options.CallTimeout, options.SubmitTimeout) = (2, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5)));
        var submitted = cluster.Client.SubmitManyAsync((FileTasks t, string path) => t.Digest(path), Paths(4));
        var batches = new[] { await cluster.NextSubmitAsync(), await cluster.NextSubmitAsync() };

        cluster.Clock.Advance(TimeSpan.FromSeconds(5));

        var failure = await Assert.ThrowsAsync<SubmitTimeoutException>(() => submitted);
        Assert.Equal(batches.SelectMany(batch => batch.Request).Select(call => call.Id).Order(), failure.TaskIds.Order());
        Assert.Equal(
            "The submit of 4 calls of a batch was not answered within 5 s, so it is unknown whether they were accepted. " +
            "The last error was: No answer came within 5 s. Ask for the tasks' snapshots; those that are unknown were not.",
            failure.Message);
    }

    [Fact]
    public async Task What_the_items_throw_reaches_the_caller()
    {
        await using var cluster = FakeCluster.Start(options => options.MaxBatch = 1);
        static IEnumerable<string> Broken()
        {
            yield return "/0";
            yield return "/1";
            throw new IOException("the folder vanished");
        }

        var submitted = cluster.Client.SubmitManyAsync((FileTasks t, string path) => t.Digest(path), Broken());

        Assert.Equal("the folder vanished", (await Assert.ThrowsAsync<IOException>(() => submitted)).Message);
        Assert.False(cluster.HasSubmit);
    }

    [Fact]
    public async Task A_caller_that_gives_up_stops_the_repeats()
    {
        await using var cluster = FakeCluster.Start();
        using var stop = new CancellationTokenSource();
        var submitted = cluster.Client.SubmitManyAsync((FileTasks t, string path) => t.Digest(path), Paths(3), cancellationToken: stop.Token);
        var batch = await cluster.NextSubmitAsync();

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => submitted);
        batch.Fail(new SiloUnavailableException("gone"));
        await cluster.Clock.PassAsync(TimeSpan.FromMilliseconds(50));
        await cluster.DisposeAsync();

        Assert.False(cluster.HasSubmit);
    }

    [Fact]
    public async Task An_id_or_a_key_is_refused()
    {
        await using var cluster = FakeCluster.Start();

        foreach (var options in new[] { new SubmitOptions { Id = TaskId.New() }, new SubmitOptions { IdempotencyKey = "k" } })
        {
            var refused = await Assert.ThrowsAsync<SubmitRejectedException>(
                () => cluster.Client.SubmitManyAsync((FileTasks t, string path) => t.Digest(path), Paths(3), options));
            Assert.Equal(
                (SubmitRejection.InvalidOptions, "Id and IdempotencyKey name one call; where many are submitted at once they must be left out."),
                (refused.Reason, refused.Message));
        }
    }

    [Fact]
    public async Task A_tree_of_folds_is_submitted_level_by_level_without_waiting_for_results()
    {
        await using var cluster = FakeCluster.Start();
        var level = Enumerable.Range(0, 100).Select(_ => new ObjectRef<Digest>(TaskId.New())).ToList() as IReadOnlyList<ObjectRef<Digest>>;

        while (level.Count > 1)
        {
            var submitted = cluster.Client.SubmitManyAsync((IFoldTasks t, ObjectRef<Digest>[] group) => t.Fold(group.Results()), level.Chunk(10));
            var batch = await cluster.NextSubmitAsync();
            Assert.Equal(level.Select(part => part.TaskId), batch.Request.SelectMany(call => call.Arguments[0].Sources).Select(source => source.TaskId));
            batch.Accept();
            level = await submitted;
        }

        Assert.Single(level);
    }

    private static IEnumerable<string> Paths(int count) => Enumerable.Range(0, count).Select(i => $"/{i}");

    private static async Task<(SubmitCall First, SubmitCall Second)> NextTwoAsync(FakeCluster cluster)
    {
        var (one, two) = (await cluster.NextSubmitAsync(), await cluster.NextSubmitAsync());
        return Reading.Value<string>(one.Request[0].Arguments[0]) == "/0" ? (one, two) : (two, one);
    }
}
