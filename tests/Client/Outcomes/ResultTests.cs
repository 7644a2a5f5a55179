using FaultTolerance.Client.Tests.Calls;
using FaultTolerance.Client.Tests.Clusters;
using FaultTolerance.Gateways;
using FaultTolerance.Payloads;
using Orleans.Runtime;

namespace FaultTolerance.Client.Tests.Outcomes;

/// <summary>Reading values out of results: single ones, tuples, none, large ones, wrong types.</summary>
public sealed class ResultTests
{
    private static readonly TaskId Id = TaskId.New();

    [Fact]
    public async Task A_value_is_read() => Assert.Equal(5, await GetAsync(new ObjectRef<int>(Id), Frame(5)));

    [Fact]
    public async Task A_null_is_read() => Assert.Null(await GetAsync(new ObjectRef<string?>(Id), Frame<string?>(null)));

    [Fact]
    public async Task Elements_of_a_tuple_are_read_one_by_one()
    {
        var frame = PayloadFrame.Join(Bytes(new Digest("h", 1)), Bytes(7L));

        Assert.Equal(new Digest("h", 1), await GetAsync(new ObjectRef<Digest>(Id, 0), frame));
        Assert.Equal(7L, await GetAsync(new ObjectRef<long>(Id, 1), frame));
    }

    [Fact]
    public async Task A_tuple_is_put_together_again()
    {
        Assert.Equal((new Digest("h", 1), 7L), await GetAsync(new ObjectRef<(Digest, long)>(Id), PayloadFrame.Join(Bytes(new Digest("h", 1)), Bytes(7L))));
        Assert.Equal(
            (1, "2", (string?)null, 4L, 5.0, '6', (byte)7),
            await GetAsync(
                new ObjectRef<(int, string, string?, long, double, char, byte)>(Id),
                PayloadFrame.Join(Bytes(1), Bytes("2"), Bytes<string?>(null), Bytes(4L), Bytes(5.0), Bytes('6'), Bytes((byte)7))));
    }

    [Fact]
    public async Task A_tuple_that_is_one_value_is_read_as_one() =>
        Assert.Equal((1, 2, 3, 4, 5, 6, 7, 8), await GetAsync(new ObjectRef<(int, int, int, int, int, int, int, int)>(Id), Frame((1, 2, 3, 4, 5, 6, 7, 8))));

    [Fact]
    public async Task No_result_is_read_whatever_there_is()
    {
        Assert.Equal(default, await GetAsync(new ObjectRef<NoResult>(Id), PayloadFrame.Join()));
        Assert.Equal(default, await GetAsync(new ObjectRef<NoResult>(Id), Frame(5)));
        Assert.Equal(default, await GetAsync(new ObjectRef<NoResult>(Id), null));
    }

    [Fact]
    public async Task A_wrong_type_is_told()
    {
        await Wrong(new ObjectRef<string>(Id), PayloadFrame.Join(), "The result", "System.String", "The task has no result.");
        await Wrong(new ObjectRef<int>(Id, 1), Frame(5), "Element 1 of the result", "System.Int32", "The payload has 1 elements; element 1 was asked for.");
        await Wrong(new ObjectRef<int>(Id), PayloadFrame.Join(Bytes(1), Bytes(2)), "The result", "System.Int32", "The result is a tuple of 2 elements.");
        await Wrong(new ObjectRef<(int, int, int)>(Id), PayloadFrame.Join(Bytes(1), Bytes(2)), "The result", "System.ValueTuple<System.Int32,System.Int32,System.Int32>", "The result is a tuple of 2 elements.");
        await Wrong(new ObjectRef<int>(Id), [1, 2], "The result", "System.Int32", "The payload is damaged: its lengths do not add up.");
    }

    [Fact]
    public async Task Bytes_of_another_type_are_told()
    {
        var wrong = await Assert.ThrowsAsync<FaultToleranceException>(() => GetAsync(new ObjectRef<Digest>(Id), Frame("text")));

        Assert.StartsWith($"The result of task {Id} cannot be read as FaultTolerance.Client.Tests.Calls.Digest: ", wrong.Message, StringComparison.Ordinal);
        Assert.EndsWith(" Ask for the type that the handler returns.", wrong.Message, StringComparison.Ordinal);
        Assert.NotNull(wrong.InnerException);
    }

    [Fact]
    public async Task A_result_too_large_to_be_told_is_fetched()
    {
        await using var cluster = FakeCluster.Start();
        var get = StartGet(cluster, new ObjectRef<string>(Id), null);

        var lost = await cluster.NextResultAsync();
        await cluster.Clock.PassAsync(TimeSpan.FromSeconds(10));
        await cluster.Clock.PassAsync(TimeSpan.FromMilliseconds(50));
        var fetched = await cluster.NextResultAsync();
        fetched.Answer(FakeCluster.Succeeded(Id, "large"));

        Assert.Equal("large", await await get);
        Assert.Equal((Id, Id), (lost.Request, fetched.Request));
        Assert.NotEqual(lost.Key, fetched.Key);
    }

    [Fact]
    public async Task A_large_result_that_cannot_be_fetched_fails_as_retryable()
    {
        await using var cluster = FakeCluster.Start(options => options.SubmitTimeout = TimeSpan.FromSeconds(3));
        var get = StartGet(cluster, new ObjectRef<string>(Id), null);

        await cluster.NextResultAsync();
        await cluster.Clock.PassAsync(TimeSpan.FromSeconds(3));

        var failure = await Assert.ThrowsAsync<FaultToleranceException>(async () => await await get);
        Assert.True(failure.IsRetryable);
        Assert.Equal(
            $"The result of task {Id}: the cluster did not answer within 3 s. The last error was: No answer came within 3 s. " +
            "Check that silos are running and can be reached, then try again.",
            failure.Message);
    }

    [Fact]
    public async Task A_large_result_whose_task_runs_again_is_told()
    {
        await using var cluster = FakeCluster.Start();
        var get = StartGet(cluster, new ObjectRef<string>(Id), null);

        (await cluster.NextResultAsync()).Answer(null);

        var failure = await Assert.ThrowsAsync<FaultToleranceException>(async () => await await get);
        Assert.Equal(($"The result of task {Id} is gone: the task was run again since it ended. Ask again.", true), (failure.Message, failure.IsRetryable));
    }

    [Fact]
    public async Task A_large_result_whose_retention_has_ended_is_unknown()
    {
        await using var cluster = FakeCluster.Start();
        var get = StartGet(cluster, new ObjectRef<string>(Id), null);

        (await cluster.NextResultAsync()).Fail(new SiloUnavailableException("gone"));
        await cluster.Clock.PassAsync(TimeSpan.FromMilliseconds(50));
        (await cluster.NextResultAsync()).Answer(new TaskOutcome { Id = Id, IsUnknown = true });

        await Assert.ThrowsAsync<TaskUnknownException>(async () => await await get);
    }

    private static async Task Wrong<T>(ObjectRef<T> reference, byte[] frame, string what, string type, string why)
    {
        var wrong = await Assert.ThrowsAsync<FaultToleranceException>(() => GetAsync(reference, frame));
        Assert.Equal($"{what} of task {Id} cannot be read as {type}: {why} Ask for the type that the handler returns.", wrong.Message);
    }

    private static async Task<T> GetAsync<T>(ObjectRef<T> reference, byte[]? frame)
    {
        await using var cluster = FakeCluster.Start();
        return await await StartGet(cluster, reference, frame);
    }

    // The outer task ends when the outcome has been told, the inner one with the value.
    private static async Task<Task<T>> StartGet<T>(FakeCluster cluster, ObjectRef<T> reference, byte[]? frame)
    {
        var get = cluster.Client.GetAsync(reference);
        (await cluster.NextQuestionAsync()).Answer([new TaskOutcome { Id = reference.TaskId, Phase = TaskPhase.Succeeded, Result = frame }]);
        return get;
    }

    private static byte[] Frame<T>(T value) => PayloadFrame.Join(Bytes(value));

    private static byte[] Bytes<T>(T value) => FakeCluster.Serializer.SerializeToArray(value);
}
