using FaultTolerance.Client.Tests.Clusters;
using Orleans.Runtime;

namespace FaultTolerance.Client.Tests.Outcomes;

/// <summary>Calls of one task's address: cancel, snapshot, history, lineage.</summary>
public sealed class TaskCallTests
{
    private static readonly TaskId Id = TaskId.New();
    private static readonly TaskSnapshot Snapshot = new() { Id = Id, Handler = "files.digest" };

    [Fact]
    public async Task Each_question_reaches_the_task()
    {
        await using var cluster = FakeCluster.Start();
        var history = new TaskHistory(Snapshot, []);
        var lineage = new TaskLineage(Snapshot, [], [], [], []);

        Assert.Same(Snapshot, await AnsweredAsync(cluster, cluster.Client.GetSnapshotAsync(Id), $"snapshot of {Id}", Snapshot));
        Assert.Same(history, await AnsweredAsync(cluster, cluster.Client.GetHistoryAsync(Id), $"history of {Id}", history));
        Assert.Same(lineage, await AnsweredAsync(cluster, cluster.Client.GetLineageAsync(Id), $"lineage of {Id}", lineage));
        Assert.Same(Snapshot, await AnsweredAsync(cluster, cluster.Client.CancelAsync(Id, "enough"), $"cancel because enough of {Id}", Snapshot));
        Assert.Null(await AnsweredAsync(cluster, cluster.Client.GetSnapshotAsync(Id), $"snapshot of {Id}", (TaskSnapshot?)null));
    }

    [Fact]
    public async Task A_call_without_an_answer_is_repeated_after_three_seconds()
    {
        await using var cluster = FakeCluster.Start();

        var cancel = cluster.Client.CancelAsync(Id);
        await cluster.NextTaskCallAsync();
        await cluster.Clock.PassAsync(TimeSpan.FromSeconds(3));
        await cluster.Clock.PassAsync(TimeSpan.FromMilliseconds(50));
        (await cluster.NextTaskCallAsync()).Fail(new SiloUnavailableException("gone"));
        await cluster.Clock.PassAsync(TimeSpan.FromMilliseconds(100));
        (await cluster.NextTaskCallAsync()).Answer(Snapshot);

        Assert.Same(Snapshot, await cancel);
    }

    [Fact]
    public async Task A_call_that_nobody_answers_fails_as_retryable()
    {
        await using var cluster = FakeCluster.Start(options => options.SubmitTimeout = TimeSpan.FromSeconds(3));

        var cancel = cluster.Client.CancelAsync(Id);
        await cluster.NextTaskCallAsync();
        await cluster.Clock.PassAsync(TimeSpan.FromSeconds(3));

        var failure = await Assert.ThrowsAsync<FaultToleranceException>(() => cancel);
        Assert.True(failure.IsRetryable);
        Assert.Equal(
            $"The cancel of task {Id}: the cluster did not answer within 3 s. The last error was: No answer came within 3 s. " +
            "Check that silos are running and can be reached, then try again.",
            failure.Message);
    }

    [Fact]
    public async Task An_error_that_would_come_again_is_thrown_at_once()
    {
        await using var cluster = FakeCluster.Start();

        var snapshot = cluster.Client.GetSnapshotAsync(Id);
        (await cluster.NextTaskCallAsync()).Fail(new FaultToleranceException("damaged row"));

        Assert.Equal("damaged row", (await Assert.ThrowsAsync<FaultToleranceException>(() => snapshot)).Message);
    }

    [Fact]
    public async Task A_caller_may_give_up()
    {
        await using var cluster = FakeCluster.Start();
        using var stop = new CancellationTokenSource();

        var snapshot = cluster.Client.GetSnapshotAsync(Id, stop.Token);
        await cluster.NextTaskCallAsync();
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => snapshot);
    }

    private static async Task<T> AnsweredAsync<T>(FakeCluster cluster, Task<T> asked, string question, T answer)
    {
        var call = await cluster.NextTaskCallAsync();
        Assert.Equal(question, call.Request);
        call.Answer(answer);
        return await asked;
    }
}
