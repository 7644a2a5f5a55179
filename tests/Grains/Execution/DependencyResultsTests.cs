using FaultTolerance.Gateways;
using FaultTolerance.Grains.Execution;
using FaultTolerance.Grains.Gateways;
using FaultTolerance.Grains.Tasks;
using FaultTolerance.Grains.Tests.Nodes;
using FaultTolerance.Storage.Tasks;
using Microsoft.Extensions.Options;

namespace FaultTolerance.Grains.Tests.Execution;

/// <summary>What a task takes as arguments, read all at once, and never more than a node is to hold.</summary>
public sealed class DependencyResultsTests : IAsyncLifetime
{
    private readonly TaskLimits _limits = new() { MaxResults = 100_000 };
    private StoreLab _lab = null!;

    public async ValueTask InitializeAsync() => _lab = await StoreLab.OpenAsync();

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    [Theory]
    [InlineData(100_000, true)]
    [InlineData(100_001, false)]
    public async Task Results_that_are_too_large_together_fail_the_call_before_any_of_them_is_loaded(int size, bool isAllowed)
    {
        var sources = new[] { await SucceededAsync(new byte[size - 1_000]), await SucceededAsync(new byte[1_000]) };
        var loads = _lab.Engine.Calls.Count;

        if (isAllowed)
        {
            Assert.Equal(2, (await ReadAsync(sources)).Count);
            return;
        }

        var failed = await Assert.ThrowsAsync<DependencyFailedException>(() => ReadAsync(sources).AsTask());
        Assert.Equal(FailureKind.InvalidCall, failed.Failure.Kind);
        Assert.Contains("TaskLimits.MaxResults", failed.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(_lab.Engine.Calls.Skip(loads), call => call.Operation == nameof(ITaskRows.ReadPartsAsync));
    }

    private ValueTask<IReadOnlyDictionary<TaskId, ReadOnlyMemory<byte>>> ReadAsync(TaskId[] sources) =>
        new DependencyResults(_lab.Store, _lab.Reader, Options.Create(_limits)).ReadAsync(sources.Select(id => new ResultSource(id, ObjectRef.Whole)), CancellationToken.None);

    private async Task<TaskId> SucceededAsync(byte[] result)
    {
        var queued = await _lab.TaskAsync(await _lab.InsertAsync(task => task));
        var after = queued with { Phase = TaskPhase.Succeeded, Finished = _lab.Store.Now };
        Assert.True((await _lab.Store.WriteTaskAsync(_lab.Codec.Update(new TaskCommit(queued, after, _lab.Store.NewToken(), result)))).IsApplied);
        return queued.Id;
    }
}
