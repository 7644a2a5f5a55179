using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace FaultTolerance.Grains.Tests.Nodes;

/// <summary>Every shard of recovery: notes that it is touched, and answers nobody, as if it lived on a node that is gone.</summary>
internal sealed class RecordedTouches : IRecoveryGrain
{
    private readonly ConcurrentQueue<long> _shards = new();

    public RecordedTouches()
    {
        Grains = DispatchProxy.Create<IGrainFactory, Factory>();
        ((Factory)(object)Grains).Touches = this;
    }

    /// <summary>Gets what reaches them.</summary>
    public IGrainFactory Grains { get; }

    /// <summary>Returns which shards were touched since this was asked last.</summary>
    public IReadOnlyList<long> Take()
    {
        var taken = new List<long>();
        while (_shards.TryDequeue(out var shard))
        {
            taken.Add(shard);
        }

        return taken;
    }

    public Task TouchAsync() => new TaskCompletionSource().Task;

    [SuppressMessage("Performance", "CA1852", Justification = "The proxy is made as a class derived from it.")]
    internal class Factory : DispatchProxy
    {
        public RecordedTouches? Touches { get; set; }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            Touches!._shards.Enqueue((long)args![0]!);
            return Touches;
        }
    }
}
