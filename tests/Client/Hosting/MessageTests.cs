using FaultTolerance.Client.Tests.Clusters;
using FaultTolerance.Gateways;

namespace FaultTolerance.Client.Tests.Hosting;

/// <summary>What the client sends survives the way.</summary>
public sealed class MessageTests
{
    [Fact]
    public void A_call_with_everything_in_it_is_read_back()
    {
        var call = new TaskCall
        {
            Id = TaskId.New(),
            Header = new CallHeader
            {
                Handler = "files.digest",
                Session = SessionId.New(),
                Parent = TaskId.New(),
                ParameterTypes = ["System.String"],
                TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                Options = new SubmitOptions { Retry = new TaskRetryPolicy { RetryOn = ["System.IO.IOException", "System.TimeoutException"] } },
            },
            Arguments = [new TaskArgument { Kind = ArgumentKind.Results, Sources = [new ResultSource(TaskId.New(), -1)] }],
        };

        var read = Copy(call);

        Assert.Equal((call.Id, call.Header.Session, call.Header.Parent, call.Header.TraceParent), (read.Id, read.Header.Session, read.Header.Parent, read.Header.TraceParent));
        Assert.Equal(call.Header.ParameterTypes, read.Header.ParameterTypes);
        Assert.Equal(["System.IO.IOException", "System.TimeoutException"], read.Header.Options?.Retry?.RetryOn);
        Assert.Equal(call.Arguments[0].Sources, read.Arguments[0].Sources);
    }

    [Fact]
    public void Calls_of_one_message_share_their_header_on_the_way()
    {
        var header = new CallHeader { Handler = new string('h', 200) };
        IReadOnlyList<TaskCall> calls = [.. Enumerable.Range(0, 100).Select(_ => new TaskCall { Id = TaskId.New(), Header = header, Arguments = [] })];

        var read = Copy(calls);

        Assert.All(read, call => Assert.Same(read[0].Header, call.Header));
        Assert.True(FakeCluster.Serializer.SerializeToArray(calls).Length < 100 * 40);
    }

    [Fact]
    public void An_unanswered_submit_keeps_its_ids_on_the_way()
    {
        var failure = Copy(new SubmitTimeoutException([TaskId.New(), TaskId.New()], "unknown"));

        Assert.Equal(("unknown", true, 2), (failure.Message, failure.IsRetryable, failure.TaskIds.Count));
    }

    [Fact]
    public void A_partial_submit_keeps_its_items_on_the_way()
    {
        var (accepted, unknown) = (TaskId.New(), TaskId.New());

        var failure = Copy(new PartialSubmitException(
            new Dictionary<int, TaskId> { [3] = accepted }, new Dictionary<int, TaskId> { [5] = unknown }, "in part", new SubmitRejectedException(SubmitRejection.Busy, "busy")));

        Assert.Equal(("in part", accepted, unknown), (failure.Message, failure.Accepted[3], failure.Unknown[5]));
        Assert.Equal(SubmitRejection.Busy, Assert.IsType<SubmitRejectedException>(failure.InnerException).Reason);
    }

    private static T Copy<T>(T value) => FakeCluster.Serializer.Deserialize<T>(FakeCluster.Serializer.SerializeToArray(value))!;
}
