using FaultTolerance.Grains.Execution;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Serialization;
using Orleans.Serialization.Serializers;

namespace FaultTolerance.Grains.Tests.Execution;

/// <summary>What keeps handlers from being registered; all of it is said at once.</summary>
public sealed class HandlerScanTests
{
    [Fact]
    public void Everything_that_is_wrong_is_said_at_once_with_where_it_is()
    {
        var message = Assert.Throws<FaultToleranceException>(() => Register(options => options.Add<Wrong>())).Message;

        Assert.Equal(
            [
                "Wrong.Name: the name 'a b' must be",
                "Wrong.Version: the version 0 must be",
                "Wrong.Generic: a handler must be",
                "Wrong.Hidden: a handler must be",
                "Wrong.ByReference: the parameter 'number' is passed by reference",
                "Wrong.Argument: the parameter 'argument' is of type",
                "Wrong.Result: the result is of type",
                "Wrong.Awaited: the result is of type",
                "Wrong.Element: the result is of type",
                "Wrong.Span: the result is of type",
                "Wrong.Retry: RetryOn must list exception types only.",
            ],
            message.Split('\n').Skip(1).Select(line => Head(line)).Order(new ByDeclaration()));
    }

    [Fact]
    public void Two_handlers_of_one_name_and_version_are_both_named()
    {
        var message = Assert.Throws<FaultToleranceException>(() => Register(options => options.Add<One>().Add<Two>())).Message;

        Assert.Contains("Two.Work: the handler scan.double@1 is already", message);
        Assert.Contains("One.Work", message);
    }

    [Fact]
    public void What_a_handler_may_return_and_take_is_registered()
    {
        Assert.Equal(["scan.list@1", "scan.nothing@1", "scan.tuple@1", "scan.value@1"], Register(options => options.Add<Right>()).Keys);
    }

    private static string Head(string line)
    {
        var text = line[(line.IndexOf('+', StringComparison.Ordinal) + 1)..];
        string[] ends = [" must be", " passed by reference", " is of type", "only."];
        var end = ends.Select(end => (Found: text.IndexOf(end, StringComparison.Ordinal), end.Length)).Where(end => end.Found >= 0).Min();
        return text[..(end.Found + end.Length)];
    }

    private static HandlerRegistry Register(Action<TaskHandlerOptions> configure)
    {
        using var services = new ServiceCollection().AddSerializer().BuildServiceProvider();
        var options = new TaskHandlerOptions();
        configure(options);
        return new HandlerRegistry(Options.Create(options), services.GetRequiredService<Serializer>(), services.GetRequiredService<ICodecProvider>());
    }

    private sealed class ByDeclaration : IComparer<string>
    {
        private static readonly List<string> Methods = [.. typeof(Wrong).GetMethods(System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.DeclaredOnly).OrderBy(method => method.MetadataToken).Select(method => method.Name)];

        public int Compare(string? x, string? y) => Place(x!).CompareTo(Place(y!));

        private static int Place(string line) => Methods.FindIndex(method => line.StartsWith($"Wrong.{method}:", StringComparison.Ordinal));
    }

#pragma warning disable CA1822 // handlers are instance methods
    private sealed class Unserializable;

    private sealed class Wrong
    {
        [TaskHandler("a b")]
        public void Name()
        {
        }

        [TaskHandler("scan.version", Version = 0)]
        public void Version()
        {
        }

        [TaskHandler("scan.generic")]
        public void Generic<T>()
        {
        }

        [TaskHandler("scan.hidden")]
        internal void Hidden()
        {
        }

        [TaskHandler("scan.by-reference")]
        public void ByReference(ref int number) => number++;

        [TaskHandler("scan.argument")]
        public void Argument(Unserializable argument) => argument.ToString();

        [TaskHandler("scan.result")]
        public Unserializable Result() => new();

        [TaskHandler("scan.awaited")]
        public Task<Unserializable> Awaited() => Task.FromResult(new Unserializable());

        [TaskHandler("scan.element")]
        public (int, Unserializable) Element() => (1, new Unserializable());

        [TaskHandler("scan.span")]
        public ReadOnlySpan<byte> Span() => default;

        [TaskHandler("scan.retry", RetryOn = [typeof(string)])]
        public void Retry()
        {
        }
    }

    private sealed class One
    {
        [TaskHandler("scan.double")]
        public int Work() => 1;
    }

    private sealed class Two
    {
        [TaskHandler("scan.double")]
        public int Work() => 2;
    }

    private sealed class Right
    {
        [TaskHandler("scan.nothing")]
        public ValueTask Nothing(CancellationToken cancellationToken) => ValueTask.CompletedTask;

        [TaskHandler("scan.value")]
        public Task<string> Value(int? number, TaskContext context) => Task.FromResult($"{number}");

        [TaskHandler("scan.tuple")]
        public (int, string[]) Tuple(DateTimeOffset time) => (time.Day, []);

        [TaskHandler("scan.list")]
        public Dictionary<string, List<int>> List(IReadOnlyList<string> names) => names.ToDictionary(name => name, _ => new List<int>());
    }
}
