using System.Linq.Expressions;

namespace FaultTolerance.Client.Tests.Calls;

/// <summary>What may be passed to a handler as a value: any expression without results.</summary>
public sealed class AcceptedValueTests
{
    private const string Constant = "/constant";
    private static readonly string Static = "/static";
    private readonly string _field = "/field";

    private string Property { get; } = "/property";

    [Fact]
    public void Constants_and_members_are_read()
    {
        Assert.Equal("/literal", Path(t => t.Digest("/literal")));
        Assert.Equal(Constant, Path(t => t.Digest(Constant)));
        Assert.Equal(Static, Path(t => t.Digest(Static)));
        Assert.Equal(_field, Path(t => t.Digest(_field)));
        Assert.Equal(Property, Path(t => t.Digest(Property)));
        Assert.Null(Path(t => t.Digest(null!)));
        Assert.Null(Path(t => t.Digest(default!)));
    }

    [Fact]
    public void Captured_variables_are_read_as_they_are_now()
    {
        var path = "/old";
        Expression<Func<FileTasks, Task<Digest>>> call = t => t.Digest(path);
        path = "/new";

        Assert.Equal("/new", Path(call));
    }

    [Fact]
    public void Captures_of_several_scopes_are_told_apart()
    {
        var outer = "/a";
        foreach (var inner in new[] { "b", "c" })
        {
            var both = outer + inner;
            Assert.Equal("/a" + inner, Path(t => t.Digest(outer + inner)));
            Assert.Equal(both, Path(t => t.Digest(both)));
        }
    }

    [Fact]
    public async Task Captures_across_an_await_are_read()
    {
        var path = await Task.FromResult("/awaited");

        Assert.Equal("/awaited", Path(t => t.Digest(path)));
    }

    [Fact]
    public void Elements_of_arrays_lists_and_dictionaries_are_read()
    {
        string[] array = ["/0", "/1"];
        List<string> list = ["/2", "/3"];
        var dictionary = new Dictionary<string, string> { ["key"] = "/4" };
        var i = 1;

        Assert.Equal("/1", Path(t => t.Digest(array[i])));
        Assert.Equal("/3", Path(t => t.Digest(list[i])));
        Assert.Equal("/4", Path(t => t.Digest(dictionary["key"])));
    }

    [Fact]
    public void Calls_and_members_of_what_is_captured_are_evaluated()
    {
        var file = new FileInfo("/folder/file");
        var pair = (First: "/first", Second: 2);
        var when = new DateTime(2026, 1, 2, 0, 0, 0, DateTimeKind.Utc);

        Assert.Equal("file", Path(t => t.Digest(file.Name)));
        Assert.Equal("/folder/x", Path(t => t.Digest(System.IO.Path.Combine(file.DirectoryName!, "x"))));
        Assert.Equal("/first", Path(t => t.Digest(pair.First)));
        Assert.Equal("2026", Path(t => t.Digest(when.Year.ToString())));
        Assert.Equal("/FIRST", Path(t => t.Digest(pair.First.ToUpperInvariant())));
    }

    [Fact]
    public void What_reflection_cannot_read_is_compiled()
    {
        var i = 7;
        int[] numbers = [1, 2, 3];
        string? nothing = null;

        Assert.Equal("/7", Path(t => t.Digest($"/{i}")));
        Assert.Equal("/8", Path(t => t.Digest("/" + (i + 1))));
        Assert.Equal("/odd", Path(t => t.Digest(i % 2 == 1 ? "/odd" : "/even")));
        Assert.Equal("/none", Path(t => t.Digest(nothing ?? "/none")));
        Assert.Equal("2,3,4", Path(t => t.Digest(string.Join(",", numbers.Select(n => n + 1)))));
    }

    [Fact]
    public void A_span_inside_an_argument_is_evaluated()
    {
        int[] numbers = [1, 2, 3];

        Assert.Equal("True", Path(t => t.Digest(numbers.Contains(2).ToString())));
    }

    [Fact]
    public void A_struct_that_changes_itself_is_not_read_on_a_copy()
    {
        var numbers = new List<int> { 5 }.GetEnumerator();

        Assert.Equal("True", Path(t => t.Digest(numbers.MoveNext().ToString())));
        Assert.Equal(5, numbers.Current);
    }

    [Fact]
    public void Each_argument_is_evaluated_once()
    {
        var calls = new Counter();

        Assert.Equal("1", Path(t => t.Digest(calls.Next())));
        Assert.Equal("2!", Path(t => t.Digest(calls.Next() + "!")));
        Assert.Equal(["3", "4!"], Reading.Value<string[]>(Reading.Call(t => t.Count(1, calls.Next(), calls.Next() + "!")).Arguments[1]));
        Assert.Equal("5", calls.Next());
    }

    [Fact]
    public void Conversions_that_the_compiler_adds_are_made()
    {
        var small = 7;
        int? maybe = 8;

        Assert.Equal(7L, Reading.Value<long>(Reading.Call(t => t.Add(small, 0)).Arguments[0]));
        Assert.Equal(8, Reading.Value<int?>(Reading.Call(t => t.Scan("/", Depth.Deep, default, maybe, null!)).Arguments[2]));
        Assert.Equal(7, Reading.Value<int?>(Reading.Call(t => t.Scan("/", Depth.Deep, default, small, null!)).Arguments[2]));
        Assert.Null(Reading.Value<int?>(Reading.Call(t => t.Scan("/", Depth.Deep, default, null, null!)).Arguments[2]));
        Assert.Equal(Depth.Deep, Reading.Value<Depth>(Reading.Call(t => t.Scan("/", (Depth)1, default, null, null!)).Arguments[1]));
        Assert.Equal(7, Reading.Value<object>(Assert.Single(Reading.Call(t => t.Describe(small)).Arguments)));
        Assert.Equal("/x", Reading.Value<object>(Assert.Single(Reading.Call(t => t.Describe("/x")).Arguments)));
    }

    [Fact]
    public void Params_and_new_objects_are_made()
    {
        var path = "/a";

        Assert.Equal(["/a", "/b"], Reading.Value<string[]>(Reading.Call(t => t.Count(1, path, "/b")).Arguments[1]));
        Assert.Equal([], Reading.Value<string[]>(Reading.Call(t => t.Count(1)).Arguments[1]));
        Assert.Equal(new Digest("x", 3), Reading.Value<Digest>(Reading.Call(t => t.Merge(new Digest("x", 3), null!)).Arguments[0]));
    }

    [Fact]
    public void A_reference_itself_is_a_value_like_any_other()
    {
        var reference = new ObjectRef<Digest>(TaskId.New());

        Assert.Equal(reference, Reading.Value<ObjectRef<Digest>>(Assert.Single(Reading.Call(t => t.Follow(reference)).Arguments)));
        Assert.Equal($"{reference}", Path(t => t.Digest($"{reference}")));
    }

    [Fact]
    public void What_an_argument_throws_reaches_the_caller_unchanged()
    {
        string[] paths = [];
        FileInfo? file = null;

        Assert.Throws<IndexOutOfRangeException>(() => Path(t => t.Digest(paths[0])));
        Assert.Throws<NullReferenceException>(() => Path(t => t.Digest(file!.Name)));
        Assert.Equal("not there", Assert.Throws<FileNotFoundException>(() => Path(t => t.Digest(Counter.Fail()))).Message);
    }

    [Fact]
    public void What_the_node_fills_in_is_not_sent()
    {
        var read = Reading.Call(t => t.Scan("/a", Depth.Shallow, default, 5, null!));

        Assert.Equal(3, read.Arguments.Count);
        Assert.Equal("/a", Reading.Value<string>(read.Arguments[0]));
        Assert.Equal(3, Reading.Call(t => t.Scan("/a", Depth.Shallow, CancellationToken.None, 5, default!)).Arguments.Count);
        Assert.Equal(3, Reading.Call(t => t.Scan("/a", Depth.Shallow, new CancellationToken(), 5, default!)).Arguments.Count);
    }

    private sealed class Counter
    {
        private int _count;

        public static string Fail() => throw new FileNotFoundException("not there");

        public string Next() => $"{++_count}";
    }

    private static string? Path(Expression<Func<FileTasks, Task<Digest>>> call) => Values<string?>(call).Single();

    private static IEnumerable<T> Values<T>(Expression<Func<FileTasks, Task<Digest>>> call) => Reading.Reader.Read(call).Arguments.Select(Reading.Value<T>);
}
