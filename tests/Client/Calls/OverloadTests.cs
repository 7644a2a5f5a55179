using FaultTolerance.Client.Tests.Clusters;

namespace FaultTolerance.Client.Tests.Calls;

/// <summary>What a submit returns, as the compiler infers it: each declaration below would not compile otherwise.</summary>
public sealed class OverloadTests
{
    [Fact]
    public async Task One_call_returns_what_its_handler_returns()
    {
        await using var cluster = FakeCluster.Start();
        IFaultToleranceClient client = cluster.Client;

        ObjectRef<Digest> ofTask = await Accepted(cluster, client.SubmitAsync((FileTasks t) => t.Digest("/")));
        ObjectRef<int> ofValueTask = await Accepted(cluster, client.SubmitAsync((FileTasks t) => t.Scan("/", Depth.Deep, default, null, null!)));
        ObjectRef<int> ofValue = await Accepted(cluster, client.SubmitAsync((FileTasks t) => t.Count(1)));
        ObjectRef<NoResult> ofPlainTask = await Accepted(cluster, client.SubmitAsync((FileTasks t) => t.Touch("/")));
        ObjectRef<NoResult> ofPlainValueTask = await Accepted(cluster, client.SubmitAsync((FileTasks t) => t.Flush()));
        ObjectRef<NoResult> ofNothing = await Accepted(cluster, client.SubmitAsync((FileTasks t) => t.Forget("/")));
        (ObjectRef<Digest> head, ObjectRef<long> tail) = await Accepted(cluster, client.SubmitAsync((FileTasks t) => t.Split("/")));

        Assert.Equal((0, 1), (head.Index, tail.Index));
        Assert.Equal(head.TaskId, tail.TaskId);
        Assert.All<IObjectRef>([ofTask, ofValueTask, ofValue, ofPlainTask, ofPlainValueTask, ofNothing], reference => Assert.Equal(ObjectRef.Whole, reference.Index));
    }

    [Fact]
    public async Task Many_calls_return_what_their_handler_returns()
    {
        await using var cluster = FakeCluster.Start();
        IFaultToleranceClient client = cluster.Client;
        string[] paths = ["/a", "/b"];

        IReadOnlyList<ObjectRef<Digest>> ofTask = await Accepted(cluster, client.SubmitManyAsync((FileTasks t, string path) => t.Digest(path), paths));
        IReadOnlyList<ObjectRef<int>> ofValueTask = await Accepted(cluster, client.SubmitManyAsync((FileTasks t, string path) => t.Scan(path, Depth.Deep, default, null, null!), paths));
        IReadOnlyList<ObjectRef<int>> ofValue = await Accepted(cluster, client.SubmitManyAsync((FileTasks t, string path) => t.Count(1, path), paths));
        IReadOnlyList<ObjectRef<NoResult>> ofPlainTask = await Accepted(cluster, client.SubmitManyAsync((FileTasks t, string path) => t.Touch(path), paths));
        IReadOnlyList<ObjectRef<NoResult>> ofNothing = await Accepted(cluster, client.SubmitManyAsync((FileTasks t, string path) => t.Forget(path), paths));
        IReadOnlyList<ObjectRef<(Digest, long)>> ofTuple = await Accepted(cluster, client.SubmitManyAsync((FileTasks t, string path) => t.Split(path), paths));

        Assert.All<System.Collections.ICollection>(
            [ofTask.ToList(), ofValueTask.ToList(), ofValue.ToList(), ofPlainTask.ToList(), ofNothing.ToList(), ofTuple.ToList()],
            references => Assert.Equal(2, references.Count));
    }

    private static async Task<T> Accepted<T>(FakeCluster cluster, Task<T> submitted)
    {
        (await cluster.NextSubmitAsync()).Accept();
        return await submitted;
    }
}
