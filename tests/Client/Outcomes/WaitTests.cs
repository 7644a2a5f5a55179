using FaultTolerance.Client.Tests.Calls;
using FaultTolerance.Client.Tests.Clusters;
using FaultTolerance.Gateways;

namespace FaultTolerance.Client.Tests.Outcomes;

/// <summary>Waiting for any, for all, and for all values.</summary>
public sealed class WaitTests
{
    private static readonly Digest Value = new("abc", 7);

    [Fact]
    public async Task Any_ends_with_the_first_and_tells_which()
    {
        await using var cluster = FakeCluster.Start();
        var references = await SubmitAsync(cluster, 3);

        var wait = cluster.Client.WaitAnyAsync(references.Cast<IObjectRef>());
        Assert.False(wait.IsCompleted);
        await cluster.TellAsync(FakeCluster.Succeeded(references[1].TaskId, Value));

        var result = await wait;
        Assert.Equal([references[1]], result.Ended);
        Assert.Equal([references[0], references[2]], result.Pending);
    }

    [Fact]
    public async Task A_failure_surfaces_at_once_while_the_other_goes_on()
    {
        await using var cluster = FakeCluster.Start();
        var references = await SubmitAsync(cluster, 2);

        var wait = cluster.Client.WaitAnyAsync(references.Cast<IObjectRef>());
        await cluster.TellAsync(FakeCluster.Failed(references[0].TaskId));

        Assert.Equal([references[0]], (await wait).Ended);
        await Assert.ThrowsAsync<TaskFailedException>(() => cluster.Client.GetAsync(references[0]));
    }

    [Fact]
    public async Task All_ends_with_the_last_however_each_ended()
    {
        await using var cluster = FakeCluster.Start();
        var references = await SubmitAsync(cluster, 3);

        var wait = cluster.Client.WaitAllAsync(references.Cast<IObjectRef>());
        await cluster.TellAsync(FakeCluster.Succeeded(references[0].TaskId, Value), FakeCluster.Failed(references[1].TaskId));
        Assert.False(wait.IsCompleted);
        await cluster.TellAsync(FakeCluster.Failed(references[2].TaskId) with { Phase = TaskPhase.Cancelled });

        Assert.Equal(references.Cast<IObjectRef>(), (await wait).Ended);
    }

    [Fact]
    public async Task What_has_ended_already_is_not_waited_for()
    {
        await using var cluster = FakeCluster.Start();
        var references = await SubmitAsync(cluster, 2);
        await cluster.TellAsync(FakeCluster.Succeeded(references[0].TaskId, Value));

        Assert.Single((await cluster.Client.WaitAnyAsync(references.Cast<IObjectRef>())).Ended);
        Assert.Empty((await cluster.Client.WaitAsync(references.Cast<IObjectRef>().Skip(1), 0)).Ended);
        Assert.Empty((await cluster.Client.WaitAllAsync([])).Ended);
    }

    [Fact]
    public async Task At_the_timeout_fewer_have_ended()
    {
        await using var cluster = FakeCluster.Start();
        var references = await SubmitAsync(cluster, 2);

        var wait = cluster.Client.WaitAllAsync(references.Cast<IObjectRef>(), TimeSpan.FromSeconds(1));
        await cluster.TellAsync(FakeCluster.Succeeded(references[0].TaskId, Value));
        cluster.Clock.Advance(TimeSpan.FromSeconds(1));

        var result = await wait;
        Assert.Equal([references[0]], result.Ended);
        Assert.Equal([references[1]], result.Pending);
    }

    [Fact]
    public async Task A_cancelled_wait_throws_and_leaves_nothing_behind()
    {
        await using var cluster = FakeCluster.Start();
        using var stop = new CancellationTokenSource();
        var references = await SubmitAsync(cluster, 2);

        var wait = cluster.Client.WaitAllAsync(references.Cast<IObjectRef>(), cancellationToken: stop.Token);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
        Assert.Equal(0, cluster.Core.Outcomes.WaitedForCount);
    }

    [Fact]
    public async Task The_references_of_one_tuple_count_each()
    {
        await using var cluster = FakeCluster.Start();
        var submitted = cluster.Client.SubmitAsync((FileTasks t) => t.Split("/a"));
        (await cluster.NextSubmitAsync()).Accept();
        var (head, tail) = await submitted;

        var wait = cluster.Client.WaitAllAsync([head, tail]);
        await cluster.TellAsync(FakeCluster.Failed(head.TaskId));

        Assert.Equal([head, tail], (await wait).Ended);
    }

    [Fact]
    public async Task An_unknown_task_counts_as_ended()
    {
        await using var cluster = FakeCluster.Start();
        var foreign = new ObjectRef<Digest>(TaskId.New());

        var wait = cluster.Client.WaitAnyAsync([foreign]);
        (await cluster.NextQuestionAsync()).Answer([new TaskOutcome { Id = foreign.TaskId, IsUnknown = true }]);

        Assert.Equal([foreign], (await wait).Ended);
    }

    [Fact]
    public async Task More_than_there_are_cannot_be_waited_for()
    {
        await using var cluster = FakeCluster.Start();
        var reference = new ObjectRef<Digest>(TaskId.New());

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => cluster.Client.WaitAsync([reference], 2));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => cluster.Client.WaitAsync([reference], -1));
    }

    [Fact]
    public async Task Waiting_for_any_in_a_loop_leaves_nothing_behind()
    {
        await using var cluster = FakeCluster.Start();
        var references = await SubmitAsync(cluster, 50);
        var pending = references.Cast<IObjectRef>().ToList();

        while (pending.Count > 0)
        {
            var wait = cluster.Client.WaitAnyAsync(pending);
            await cluster.TellAsync(FakeCluster.Succeeded(pending[0].TaskId, Value));
            pending = [.. (await wait).Pending];
            Assert.Equal(0, cluster.Core.Outcomes.WaitedForCount);
            Assert.Null(pending.Count == 0 ? null : Observers(cluster, pending[0].TaskId));
        }
    }

    [Fact]
    public async Task All_values_come_in_order()
    {
        await using var cluster = FakeCluster.Start();
        var references = await SubmitAsync(cluster, 3);

        var all = cluster.Client.GetAllAsync(references);
        foreach (var i in new[] { 2, 0, 1 })
        {
            await cluster.TellAsync(FakeCluster.Succeeded(references[i].TaskId, new Digest("x", i)));
        }

        Assert.Equal([0, 1, 2], (await all).Select(digest => digest.Size));
    }

    [Fact]
    public async Task All_values_fail_fast()
    {
        await using var cluster = FakeCluster.Start();
        var references = await SubmitAsync(cluster, 3);

        var all = cluster.Client.GetAllAsync(references);
        await cluster.TellAsync(FakeCluster.Failed(references[1].TaskId));

        Assert.Equal(references[1].TaskId, (await Assert.ThrowsAsync<TaskFailedException>(() => all)).Failure.TaskId);
    }

    private static Action? Observers(FakeCluster cluster, TaskId id)
    {
        var entry = cluster.Core.Outcomes.Await(id, out _);
        cluster.Core.Outcomes.Leave(entry);
        return entry.Observers;
    }

    private static async Task<IReadOnlyList<ObjectRef<Digest>>> SubmitAsync(FakeCluster cluster, int count)
    {
        var submitted = cluster.Client.SubmitManyAsync((FileTasks t, string path) => t.Digest(path), Enumerable.Range(0, count).Select(i => $"/{i}"));
        (await cluster.NextSubmitAsync()).Accept();
        return await submitted;
    }
}
