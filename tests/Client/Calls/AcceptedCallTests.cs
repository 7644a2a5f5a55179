using FaultTolerance.Gateways;

namespace FaultTolerance.Client.Tests.Calls;

/// <summary>Which calls are read: of marked methods, with results of other tasks.</summary>
public sealed class AcceptedCallTests
{
    private static readonly ObjectRef<Digest> One = new(TaskId.New());
    private static readonly ObjectRef<Digest> Other = new(TaskId.New(), 1);

    [Fact]
    public void The_attribute_names_the_handler_and_its_version()
    {
        var plan = Reading.Call(t => t.Scan("/a", Depth.Deep, default, 5, null!)).Plan;

        Assert.Equal(("files.scan", 3), (plan.Handler, plan.Version));
    }

    [Fact]
    public void The_header_carries_the_declared_types_of_what_is_sent()
    {
        var header = Reading.Call(t => t.Scan("/a", Depth.Deep, default, 5, null!)).Plan.Header(SessionId.New(), null, null, null);

        Assert.Equal(["System.String", "FaultTolerance.Client.Tests.Calls.Depth", "System.Nullable<System.Int32>"], header.ParameterTypes);
    }

    [Fact]
    public void Calls_that_ask_for_nothing_special_share_their_header()
    {
        var session = SessionId.New();
        var first = Reading.Call(t => t.Digest("/a")).Plan.Header(session, null, null, null);
        var second = Reading.Call(t => t.Digest("/b")).Plan.Header(session, null, null, null);
        var special = Reading.Call(t => t.Digest("/b")).Plan.Header(session, new SubmitOptions { Detached = true }, null, null);

        Assert.Same(first, second);
        Assert.NotSame(first, special);
    }

    [Fact]
    public void Every_kind_of_handler_is_read()
    {
        Assert.Equal("files.digest", Reading.Call(t => t.Digest("/")).Plan.Handler);
        Assert.Equal("files.count", Reading.Call(t => t.Count(1)).Plan.Handler);
        Assert.Equal("files.touch", Reading.Call(t => t.Touch("/")).Plan.Handler);
        Assert.Equal("files.flush", Reading.Call(t => t.Flush()).Plan.Handler);
        Assert.Equal("files.split", Reading.Call(t => t.Split("/")).Plan.Handler);
        Assert.Equal("files.touch", Reading.Call<Task>(t => t.Touch("/")).Plan.Handler);
        Assert.Equal("files.digest", Reading.Call<Task>(t => t.Digest("/")).Plan.Handler);
    }

    [Fact]
    public void The_attribute_of_the_interface_counts_for_calls_of_either()
    {
        Assert.Equal("fold.array", Reading.Fold(t => t.Fold(Array.Empty<Digest>())).Plan.Handler);
        Assert.Equal("fold.array", Reading.Reader.Read((FoldTasks t) => t.Fold(Array.Empty<Digest>())).Plan.Handler);
    }

    [Fact]
    public void The_attribute_is_inherited_and_found_on_overrides()
    {
        Assert.Equal("files.digest", Reading.Reader.Read((MoreFileTasks t) => t.Digest("/")).Plan.Handler);
        Assert.Equal("files.virtual", Reading.Reader.Read((MoreFileTasks t) => t.Virtual("/")).Plan.Handler);
        Assert.Equal("base.run", Reading.Reader.Read((MarkedTask t) => t.Run("/")).Plan.Handler);
    }

    [Fact]
    public void A_result_is_passed_by_its_source()
    {
        var arguments = Reading.Call(t => t.Merge(One.Result, Other.Result)).Arguments;

        Assert.All(arguments, argument => Assert.Equal(ArgumentKind.Result, argument.Kind));
        Assert.Equal(new ResultSource(One.TaskId, ObjectRef.Whole), Assert.Single(arguments[0].Sources));
        Assert.Equal(new ResultSource(Other.TaskId, 1), Assert.Single(arguments[1].Sources));
    }

    [Fact]
    public void Results_and_values_mix()
    {
        var local = One;

        var arguments = Reading.Call(t => t.Merge(local.Result, new Digest("x", 1))).Arguments;

        Assert.Equal([ArgumentKind.Result, ArgumentKind.Value], arguments.Select(argument => argument.Kind));
    }

    [Fact]
    public void References_may_come_out_of_any_expression()
    {
        ObjectRef<Digest>[] array = [One, Other];
        var list = array.ToList();
        var pair = (First: One, Second: 2);
        ObjectRef<Digest>? maybe = One;
        Func<int, ObjectRef<Digest>> pick = i => array[i];

        Assert.Equal(Other.TaskId, SourceOf(Reading.Call(t => t.Merge(array[1].Result, null!)).Arguments[0]));
        Assert.Equal(Other.TaskId, SourceOf(Reading.Call(t => t.Merge(list[1].Result, null!)).Arguments[0]));
        Assert.Equal(One.TaskId, SourceOf(Reading.Call(t => t.Merge(pair.First.Result, null!)).Arguments[0]));
        Assert.Equal(One.TaskId, SourceOf(Reading.Call(t => t.Merge(maybe.Value.Result, null!)).Arguments[0]));
        Assert.Equal(Other.TaskId, SourceOf(Reading.Call(t => t.Merge(pick(1).Result, null!)).Arguments[0]));
        Assert.Equal(Other.TaskId, SourceOf(Reading.Call(t => t.Merge((array.Length > 1 ? array[1] : array[0]).Result, null!)).Arguments[0]));
    }

    [Fact]
    public void Many_results_are_passed_to_arrays_and_to_what_an_array_fits()
    {
        ObjectRef<Digest>[] refs = [One, Other];
        ResultSource[] sources = [new(One.TaskId, ObjectRef.Whole), new(Other.TaskId, 1)];

        Assert.Equal(sources, SourcesOf(Reading.Fold(t => t.Fold(refs.Results()))));
        Assert.Equal(sources, SourcesOf(Reading.Fold(t => t.FoldList(refs.ToList().Results(), "x"))));
        Assert.Equal(sources, SourcesOf(Reading.Fold(t => t.FoldEnumerable(refs.AsEnumerable().Results()))));
        Assert.Equal(sources, SourcesOf(Reading.Fold(t => t.FoldCollection(new[] { One, Other }.Results()))));
        Assert.Equal(sources.Skip(1), SourcesOf(Reading.Fold(t => t.Fold(refs.Skip(1).Results()))));
        Assert.Empty(SourcesOf(Reading.Fold(t => t.Fold(Array.Empty<ObjectRef<Digest>>().Results()))));
    }

    [Fact]
    public void The_same_task_may_be_taken_more_than_once()
    {
        ObjectRef<Digest>[] refs = [One, One];

        Assert.Equal([One.TaskId, One.TaskId], SourcesOf(Reading.Fold(t => t.Fold(refs.Results()))).Select(source => source.TaskId));
    }

    [Fact]
    public void A_plan_is_made_once_for_a_method() =>
        Assert.Same(Reading.Call(t => t.Digest("/a")).Plan, Reading.Call(t => t.Digest("/b")).Plan);

    private static TaskId SourceOf(TaskArgument argument) => Assert.Single(argument.Sources).TaskId;

    private static IReadOnlyList<ResultSource> SourcesOf(FaultTolerance.Calls.ReadCall read)
    {
        Assert.Equal(ArgumentKind.Results, read.Arguments[0].Kind);
        return read.Arguments[0].Sources;
    }
}
