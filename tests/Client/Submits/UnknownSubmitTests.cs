using FaultTolerance.Client.Tests.Calls;
using FaultTolerance.Client.Tests.Clusters;
using FaultTolerance.Gateways;

namespace FaultTolerance.Client.Tests.Submits;

/// <summary>Gateways that answer, but cannot say what the store did.</summary>
public sealed class UnknownSubmitTests
{
    [Fact]
    public async Task A_store_that_gives_no_answer_leaves_the_outcome_unknown_and_is_named()
    {
        await using var cluster = FakeCluster.Start(options => options.SubmitTimeout = TimeSpan.FromSeconds(4));
        var submitted = cluster.Client.SubmitAsync((FileTasks t) => t.Digest("/a"));

        var id = (await AnswerUntilGivenUpAsync(cluster, mayBeAccepted: true)).Single();

        var error = await Assert.ThrowsAsync<SubmitTimeoutException>(() => submitted);
        Assert.Equal(id, Assert.Single(error.TaskIds));
        Assert.Contains("unknown whether it was accepted", error.Message, StringComparison.Ordinal);
        Assert.Contains("the store is silent", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Nothing was enqueued", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_that_is_certain_says_that_nothing_was_enqueued()
    {
        await using var cluster = FakeCluster.Start(options => options.SubmitTimeout = TimeSpan.FromSeconds(4));
        var submitted = cluster.Client.SubmitAsync((FileTasks t) => t.Digest("/a"));

        await AnswerUntilGivenUpAsync(cluster, mayBeAccepted: false);

        var error = await Assert.ThrowsAsync<SubmitRejectedException>(() => submitted);
        Assert.Contains("Nothing was enqueued", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_repeat_under_the_same_id_settles_what_was_unknown()
    {
        await using var cluster = FakeCluster.Start();
        var submitted = cluster.Client.SubmitAsync((FileTasks t) => t.Digest("/a"));

        var first = await cluster.NextSubmitAsync();
        first.Answer([Busy(first.Request[0].Id, mayBeAccepted: true)]);
        await cluster.Clock.PassAsync(TimeSpan.FromMilliseconds(50));
        var second = await cluster.NextSubmitAsync();
        second.Accept();

        Assert.Equal(first.Request[0].Id, (await submitted).TaskId);
        Assert.Equal(first.Request[0].Id, second.Request[0].Id);
    }

    /// <summary>Answers every repeat in the same way, and returns the ids that were submitted.</summary>
    private static async Task<IReadOnlySet<TaskId>> AnswerUntilGivenUpAsync(FakeCluster cluster, bool mayBeAccepted)
    {
        var ids = new HashSet<TaskId>();
        for (var repeat = 0; cluster.Clock.Now < TimeSpan.FromSeconds(4); repeat++)
        {
            var submit = await cluster.NextSubmitAsync();
            ids.Add(submit.Request[0].Id);
            submit.Answer([Busy(submit.Request[0].Id, mayBeAccepted)]);
            await cluster.Clock.PassAsync(ClusterCalls.Shorter(cluster.Core.Calls.Pause(repeat), TimeSpan.FromSeconds(4) - cluster.Clock.Now));
        }

        return ids;
    }

    private static SubmitReply Busy(TaskId id, bool mayBeAccepted) =>
        new() { Id = id, Rejection = SubmitRejection.Busy, Message = "the store is silent", MayBeAccepted = mayBeAccepted };
}
