using FaultTolerance.Gateways;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Concurrency;
using Orleans.Serialization;

namespace FaultTolerance.Scenarios.Tests;

/// <summary>What a gateway makes of messages that no client of this library would send.</summary>
public sealed class MalformedCallScenarios(ClusterFixture cluster)
{
    private static readonly Serializer<int> Numbers = new ServiceCollection().AddSerializer().BuildServiceProvider().GetRequiredService<Serializer<int>>();

    private static readonly TaskId Own = TaskId.New();

    private static readonly Dictionary<string, TaskCall?> MalformedCalls = new()
    {
        ["no call"] = null,
        ["no id"] = Good() with { Id = default },
        ["no header"] = Good() with { Header = null! },
        ["no handler"] = With(header => header with { Handler = null! }),
        ["a handler with an empty name"] = With(header => header with { Handler = "" }),
        ["a handler with an endless name"] = With(header => header with { Handler = new string('h', 100_000) }),
        ["no list of types"] = With(header => header with { ParameterTypes = null! }),
        ["a type without a name"] = With(header => header with { ParameterTypes = [null!, "System.Int32"] }),
        ["a type with an endless name"] = With(header => header with { ParameterTypes = ["System.Int32", new string('t', 100_000)] }),
        ["too many types"] = With(header => header with { ParameterTypes = [.. Enumerable.Repeat("System.Int32", 10_000)] }),
        ["fewer types than arguments"] = With(header => header with { ParameterTypes = ["System.Int32"] }),
        ["an endless trace"] = With(header => header with { TraceParent = new string('0', 100_000) }),
        ["a parent without an id"] = With(header => header with { Parent = default(TaskId) }),
        ["itself as its parent"] = With(header => header with { Parent = Own }) with { Id = Own },
        ["a session without an id"] = With(header => header with { Session = default(SessionId) }),
        ["no arguments at all"] = Good() with { Arguments = null! },
        ["too many arguments"] = Good() with { Arguments = [.. Enumerable.Repeat(Value(1), 10_000)] },
        ["a missing argument"] = Taking(null!),
        ["an argument without a value"] = Taking(new TaskArgument { Value = null! }),
        ["an argument without a list of results"] = Taking(new TaskArgument { Kind = ArgumentKind.Results, Sources = null! }),
        ["a value that is a result as well"] = Taking(Value(1) with { Sources = [new ResultSource(TaskId.New(), -1)] }),
        ["a result of two tasks"] = Taking(Result(TaskId.New(), TaskId.New())),
        ["a result of no task"] = Taking(Result()),
        ["a result of a task without an id"] = Taking(Result(default(TaskId))),
        ["an element before the first"] = Taking(new TaskArgument { Kind = ArgumentKind.Result, Sources = [new ResultSource(TaskId.New(), -2)] }),
        ["an argument of no known kind"] = Taking(new TaskArgument { Kind = (ArgumentKind)77 }),
        ["its own result"] = Taking(Result(Own)) with { Id = Own },
        ["no list of exceptions to retry"] = With(header => header with { Options = new() { Retry = new() { RetryOn = null! } } }),
        ["an exception to retry without a name"] = With(header => header with { Options = new() { Retry = new() { RetryOn = [null!] } } }),
        ["an exception to retry with an endless name"] = With(header => header with { Options = new() { Retry = new() { RetryOn = [new string('e', 100_000)] } } }),
        ["too many exceptions to retry"] = With(header => header with { Options = new() { Retry = new() { RetryOn = [.. Enumerable.Repeat("System.Exception", 10_000)] } } }),
    };

    private ITaskGatewayGrain Gateway => cluster.Cluster.Orleans.GetGrain<ITaskGatewayGrain>(0);

    public static TheoryData<string> Malformed() => [.. MalformedCalls.Keys];

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task A_malformed_call_is_rejected_by_itself_and_the_good_one_beside_it_is_accepted(string what)
    {
        var (bad, good) = (MalformedCalls[what], Good());

        var replies = await Gateway.SubmitAsync(((IReadOnlyList<TaskCall>)[bad!, good]).AsImmutable());

        Assert.True(replies[0].Rejection is SubmitRejection.Malformed or SubmitRejection.InvalidOptions, $"{replies[0].Rejection}: {replies[0].Message}");
        Assert.Equal(bad?.Id ?? default, replies[0].Id);
        Assert.InRange(replies[0].Message!.Length, 20, 2_000);
        Assert.Equal((good.Id, null), (replies[1].Id, replies[1].Rejection));
        Assert.Equal(3, await cluster.Client.GetAsync(new ObjectRef<int>(good.Id)));
    }

    [Fact]
    public async Task A_message_without_a_list_is_refused_with_a_reason()
    {
        var submit = await Assert.ThrowsAsync<SubmitRejectedException>(() => Gateway.SubmitAsync(((IReadOnlyList<TaskCall>)null!).AsImmutable()));
        var question = await Assert.ThrowsAsync<FaultToleranceException>(() => Gateway.GetOutcomesAsync(null!));

        Assert.Equal(SubmitRejection.Malformed, submit.Reason);
        Assert.False(question.IsRetryable);
    }

    [Fact]
    public async Task A_parent_that_is_not_known_is_a_name_and_no_more()
    {
        var orphan = With(header => header with { Parent = TaskId.New() });

        var reply = Assert.Single(await Gateway.SubmitAsync(((IReadOnlyList<TaskCall>)[orphan]).AsImmutable()));

        Assert.Null(reply.Rejection);
        Assert.Equal(3, await cluster.Client.GetAsync(new ObjectRef<int>(orphan.Id)));
    }

    [Fact]
    public async Task A_list_of_handlers_in_a_rejection_has_an_end()
    {
        var unknown = With(header => header with { Handler = "nobody.has" });

        var reply = Assert.Single(await Gateway.SubmitAsync(((IReadOnlyList<TaskCall>)[unknown]).AsImmutable()));

        Assert.Equal(SubmitRejection.UnknownHandler, reply.Rejection);
        Assert.InRange(reply.Message!.Length, 20, 4_000);
    }

    [Fact]
    public async Task An_endless_reason_of_a_cancellation_is_cut()
    {
        var task = await cluster.Client.SubmitAsync((ScenarioTasks t) => t.Add(1, 2), new SubmitOptions { StartAfter = TimeSpan.FromHours(1) });

        var cancelled = await cluster.Client.CancelAsync(task.TaskId, new string('r', 1_000_000));

        Assert.Equal(TaskPhase.Cancelled, cancelled!.Phase);
        Assert.Equal(1_002, cancelled.Failure!.Message.Length);
        Assert.EndsWith(" …", cancelled.Failure.Message, StringComparison.Ordinal);
    }

    private static TaskCall Good() => new()
    {
        Id = TaskId.New(),
        Header = new CallHeader { Handler = "scenario.add", ParameterTypes = ["System.Int32", "System.Int32"] },
        Arguments = [Value(1), Value(2)],
    };

    private static TaskCall With(Func<CallHeader, CallHeader> change)
    {
        var good = Good();
        return good with { Header = change(good.Header) };
    }

    private static TaskCall Taking(TaskArgument second) => Good() with { Arguments = [Value(1), second] };

    private static TaskArgument Value(int value) => new() { Value = Numbers.SerializeToArray(value) };

    private static TaskArgument Result(params TaskId[] tasks) =>
        new() { Kind = ArgumentKind.Result, Sources = [.. tasks.Select(task => new ResultSource(task, -1))] };
}
