namespace FaultTolerance.Client.Tests.Calls;

[GenerateSerializer, Immutable, Alias("ft.tests.Digest")]
public sealed record Digest([property: Id(0)] string Hash, [property: Id(1)] long Size);

/// <summary>Lacks what the serializer needs.</summary>
public sealed record Unserializable(string Text);

/// <summary>Serializable itself, but not what it holds.</summary>
[GenerateSerializer, Alias("ft.tests.Envelope")]
public sealed record Envelope([property: Id(0)] object Content);

public enum Depth
{
    Shallow,
    Deep,
}

/// <summary>Handlers as a user writes them; the client never runs them.</summary>
public class FileTasks
{
    [TaskHandler("files.digest")]
    public Task<Digest> Digest(string path) => throw NotHere();

    [TaskHandler("files.scan", Version = 3)]
#pragma warning disable CA1068 // What the node fills in may stand anywhere.
    public ValueTask<int> Scan(string path, Depth depth, CancellationToken cancellationToken, int? limit, TaskContext context) => throw NotHere();
#pragma warning restore CA1068

    [TaskHandler("files.count")]
    public int Count(long start, params string[] paths) => throw NotHere();

    [TaskHandler("files.touch")]
    public Task Touch(string path) => throw NotHere();

    [TaskHandler("files.forget")]
    public void Forget(string path) => throw NotHere();

    [TaskHandler("files.flush")]
    public ValueTask Flush() => throw NotHere();

    [TaskHandler("files.split")]
    public Task<(Digest Head, long Tail)> Split(string path) => throw NotHere();

    [TaskHandler("files.merge")]
    public Task<Digest> Merge(Digest one, Digest other) => throw NotHere();

    [TaskHandler("files.add")]
    public Task<long> Add(long one, long other) => throw NotHere();

    [TaskHandler("files.describe")]
    public Task<string> Describe(object? what) => throw NotHere();

    [TaskHandler("files.follow")]
    public Task<string> Follow(ObjectRef<Digest> reference) => throw NotHere();

    [TaskHandler("files.wrap")]
    public Task<string> Wrap(Unserializable what) => throw NotHere();

    [TaskHandler("files.wrapMany")]
    public Task<string> WrapMany(List<Unserializable> what) => throw NotHere();

    [TaskHandler("files.post")]
    public Task<string> Post(Envelope envelope) => throw NotHere();

    [TaskHandler("files.typed")]
    public Task<string> Typed<T>(T what) => throw NotHere();

    [TaskHandler("files.slice")]
    public Task<string> Slice(ReadOnlySpan<byte> bytes) => throw NotHere();

    [TaskHandler("files.swap")]
    public Task<string> Swap(ref string path) => throw NotHere();

    public Task<string> Unmarked(string path) => throw NotHere();

    public static Task<string> Static(string path) => throw NotHere();

    [TaskHandler("files.virtual")]
    public virtual Task<string> Virtual(string path) => throw NotHere();

    private static NotSupportedException NotHere() => new("Handlers run on silos.");
}

/// <summary>Inherits handlers and overrides one.</summary>
public sealed class MoreFileTasks : FileTasks
{
    public override Task<string> Virtual(string path) => throw new NotSupportedException();
}

/// <summary>The contract that clients have where the class is the silo's.</summary>
public interface IFoldTasks
{
    [TaskHandler("fold.array")]
    Task<Digest> Fold(Digest[] parts);

    [TaskHandler("fold.list")]
    Task<Digest> FoldList(IReadOnlyList<Digest> parts, string name);

    [TaskHandler("fold.enumerable")]
    Task<Digest> FoldEnumerable(IEnumerable<Digest> parts);

    [TaskHandler("fold.collection")]
    Task<Digest> FoldCollection(ICollection<Digest> parts);

    [TaskHandler("fold.objects")]
    Task<Digest> FoldObjects(IEnumerable<object> parts);

    Task<Digest> Unmarked(Digest[] parts);
}

/// <summary>Carries no attribute itself: the interface's count.</summary>
public sealed class FoldTasks : IFoldTasks
{
    public Task<Digest> Fold(Digest[] parts) => throw new NotSupportedException();

    public Task<Digest> FoldList(IReadOnlyList<Digest> parts, string name) => throw new NotSupportedException();

    public Task<Digest> FoldEnumerable(IEnumerable<Digest> parts) => throw new NotSupportedException();

    public Task<Digest> FoldCollection(ICollection<Digest> parts) => throw new NotSupportedException();

    public Task<Digest> FoldObjects(IEnumerable<object> parts) => throw new NotSupportedException();

    public Task<Digest> Unmarked(Digest[] parts) => throw new NotSupportedException();
}

/// <summary>A base whose overrides carry the attribute.</summary>
public abstract class TaskBase
{
    public abstract Task<string> Run(string path);
}

public sealed class MarkedTask : TaskBase
{
    [TaskHandler("base.run")]
    public override Task<string> Run(string path) => throw new NotSupportedException();
}

public static class FileTasksExtensions
{
    public static Task<Digest> DigestTwice(this FileTasks tasks, string path) => throw new NotSupportedException(path);
}
