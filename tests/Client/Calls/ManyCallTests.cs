using System.Collections;
using System.Linq.Expressions;
using FaultTolerance.Calls;
using FaultTolerance.Client.Tests.Clusters;
using FaultTolerance.Gateways;

namespace FaultTolerance.Client.Tests.Calls;

/// <summary>Lambdas over items: read once, evaluated for each.</summary>
public sealed class ManyCallTests
{
    private static readonly ObjectRef<Digest> One = new(TaskId.New());
    private static readonly ObjectRef<Digest> Other = new(TaskId.New(), 1);

    [Fact]
    public void The_item_itself_is_passed() =>
        Assert.Equal(["/a", "/b"], Values<string>(Read((FileTasks t, string path) => t.Digest(path), ["/a", "/b"])));

    [Theory]
    [InlineData(3)]
    [InlineData(5_000)]
    public void What_is_made_of_the_item_is_evaluated_for_each(int count)
    {
        var root = "/files";
        var files = Enumerable.Range(0, count).Select(i => new FileInfo($"/{i}")).ToArray();

        var read = Read((FileTasks t, FileInfo file) => t.Digest(root + "/" + file.Name), files);

        Assert.Equal(files.Select(file => $"/files/{file.Name}"), Values<string>(read));
    }

    [Fact]
    public void What_does_not_depend_on_the_item_is_made_once()
    {
        var counter = 0;
        Func<string> next = () => $"{++counter}";

        var read = Read((FileTasks t, string path) => t.Count(1, next()), ["/a", "/b"]).ToList();

        Assert.Equal(1, counter);
        Assert.Same(read[0].Arguments[1], read[1].Arguments[1]);
    }

    [Fact]
    public void Captured_references_are_passed_beside_the_item()
    {
        var read = Read((FileTasks t, Digest digest) => t.Merge(One.Result, digest), [new("x", 1), new("y", 2)]).ToList();

        Assert.All(read, call => Assert.Equal(One.TaskId, Assert.Single(call.Arguments[0].Sources).TaskId));
        Assert.Equal(["x", "y"], read.Select(call => Reading.Value<Digest>(call.Arguments[1]).Hash));
    }

    [Fact]
    public void Items_that_are_references_are_passed_by_their_results()
    {
        var read = Read((FileTasks t, ObjectRef<Digest> part) => t.Merge(part.Result, One.Result), [One, Other]).ToList();

        Assert.Equal([new ResultSource(One.TaskId, -1), new ResultSource(Other.TaskId, 1)], read.SelectMany(call => call.Arguments[0].Sources));
    }

    [Fact]
    public void Groups_of_references_are_passed_by_all_their_results()
    {
        ObjectRef<Digest>[][] groups = [[One, Other], [Other], []];

        var read = Read((IFoldTasks t, ObjectRef<Digest>[] group) => t.Fold(group.Results()), groups).ToList();

        Assert.All(read, call => Assert.Equal(ArgumentKind.Results, call.Arguments[0].Kind));
        Assert.Equal(groups.Select(group => group.Select(part => part.TaskId)), read.Select(call => call.Arguments[0].Sources.Select(source => source.TaskId)));
    }

    [Fact]
    public void References_inside_an_item_are_passed()
    {
        (string Name, List<ObjectRef<Digest>> Parts)[] groups = [("a", [One]), ("b", [One, Other])];

        var read = Read((IFoldTasks t, (string Name, List<ObjectRef<Digest>> Parts) group) => t.FoldList(group.Parts.Results(), group.Name), groups).ToList();

        Assert.Equal([1, 2], read.Select(call => call.Arguments[0].Sources.Count));
        Assert.Equal(["a", "b"], read.Select(call => Reading.Value<string>(call.Arguments[1])));
    }

    [Fact]
    public void Items_are_converted_to_the_parameter()
    {
        Assert.Equal([1L, 2L], Read((FileTasks t, int item) => t.Add(item, 5), [1, 2]).Select(call => Reading.Value<long>(call.Arguments[0])));
        Assert.Equal(["/a"], Read((FileTasks t, string item) => t.Describe(item), ["/a"]).Select(call => Reading.Value<object>(call.Arguments[0])));
    }

    [Fact]
    public void Items_without_a_type_and_null_ones_are_taken()
    {
        Assert.Equal(["/a", null], Values<string?>(ReadAll((FileTasks t, string path) => t.Digest(path), new ArrayList { "/a", null })));
    }

    [Fact]
    public void Items_are_read_only_as_they_are_needed()
    {
        var seen = 0;
        IEnumerable<string> Endless()
        {
            while (true)
            {
                yield return $"/{seen++}";
            }
        }

        Assert.Equal(3, Read((FileTasks t, string path) => t.Digest(path), Endless()).Take(3).Count());
        Assert.Equal(3, seen);
    }

    [Fact]
    public void What_computes_with_a_result_is_refused()
    {
        var refused = Refused((FileTasks t, ObjectRef<Digest> part) => t.Digest(part.Result.Hash), new[] { One });

        Assert.Equal(
            "The argument 'path' of files.digest (FileTasks.Digest) computes with the result of a task: 'part.Result.Hash'. " +
            "The result does not exist yet. Pass it alone, as ref.Result or refs.Results(), and compute inside the handler or in a task between.",
            refused.Message);
    }

    [Fact]
    public void The_other_rules_hold_for_items_too()
    {
        using var source = new CancellationTokenSource();
        var token = source.Token;

        Assert.Equal(SubmitRejection.UnreadableCall, Refused((FileTasks t, string path) => t.Scan(path, Depth.Deep, token, null, null!), new[] { "/" }).Reason);
        Assert.Equal(SubmitRejection.UnreadableCall, Refused((FileTasks t, string path) => t.Unmarked(path), new[] { "/" }).Reason);
        Assert.Equal(SubmitRejection.InvalidArguments, Refused((FileTasks t, ObjectRef<int> n) => t.Add(n.Result, 1), new[] { new ObjectRef<int>(TaskId.New()) }).Reason);
        Assert.Equal(SubmitRejection.NotSerializable, Refused((FileTasks t, Unserializable u) => t.Wrap(u), new[] { new Unserializable("x") }).Reason);
        Assert.Equal(SubmitRejection.NotSerializable, Refused((FileTasks t, object u) => t.Describe(u), new object[] { new Unserializable("x") }).Reason);
        Assert.Equal(SubmitRejection.UnreadableCall, Refused((FileTasks t, ObjectRef<Digest> part) => t.Merge(part.Result, null!), new[] { default(ObjectRef<Digest>) }).Reason);
    }

    [Fact]
    public void An_item_over_the_limit_is_refused()
    {
        var reader = new CallReader(new CallPlans(FakeCluster.Serializer), maxPayload: 1_000, maxFanIn: 10);
        Expression<Func<FileTasks, string, Task<Digest>>> call = (t, path) => t.Digest(path);
        var many = reader.ReadMany(call, null);

        Assert.Single(many.Read(new[] { "/small" }));
        Assert.Equal(SubmitRejection.TooLarge, Assert.Throws<SubmitRejectedException>(() => many.Read(new[] { new string('x', 2_000) }).ToList()).Reason);
    }

    private static IEnumerable<ReadCall> Read<THandler, TItem, T>(Expression<Func<THandler, TItem, T>> call, IEnumerable<TItem> items) =>
        ReadAll(call, items);

    private static IEnumerable<ReadCall> ReadAll(LambdaExpression call, IEnumerable items) =>
        Reading.Reader.ReadMany(call, (items as ICollection)?.Count).Read(items);

    private static SubmitRejectedException Refused<THandler, TItem, T>(Expression<Func<THandler, TItem, T>> call, IEnumerable<TItem> items) =>
        Assert.Throws<SubmitRejectedException>(() => ReadAll(call, items).ToList());

    private static IEnumerable<T> Values<T>(IEnumerable<ReadCall> calls) => calls.Select(call => Reading.Value<T>(Assert.Single(call.Arguments)));
}
