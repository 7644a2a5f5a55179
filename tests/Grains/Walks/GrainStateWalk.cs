using FaultTolerance.Grains.Tests.Nodes;
using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.GrainState;

namespace FaultTolerance.Grains.Tests.Walks;

/// <summary>A grain counts to three in its state. Where it was not told, it reads again, and what was acknowledged is there.</summary>
internal sealed class GrainStateWalk : WriteWalk
{
    private const string Key = "default/count/grain";
    private const int End = 3;

    private int _acknowledged;

    public override IReadOnlyList<string> Writes { get; } = [nameof(IStorageEngine.CommitStatesAsync)];

    public override IReadOnlyList<Type> Writers { get; } = [];

    public override Task PrepareAsync(StoreLab lab) => Task.CompletedTask;

    public override async Task ActAsync(StoreLab lab)
    {
        while (await lab.Store.ReadStateAsync(Key, CancellationToken.None) is var row && (row?.State?[0] ?? 0) is var count && count < End)
        {
            var write = new GrainStateWrite(Key, row?.Token, lab.Store.NewToken(), [(byte)(count + 1)]);
            Assert.True(await lab.Store.WriteStateAsync(write), $"There is one writer, and its write {count + 1} was taken for a conflict.");
            _acknowledged = count + 1;
        }
    }

    public override async Task FollowAsync(StoreLab lab)
    {
        var stored = (await lab.Store.ReadStateAsync(Key, CancellationToken.None))?.State?[0] ?? 0;
        Assert.InRange(stored, _acknowledged, _acknowledged + 1);
        await ActAsync(lab);
    }

    public override async Task CheckAsync(StoreLab lab) =>
        Assert.Equal(End, (await lab.Store.ReadStateAsync(Key, CancellationToken.None))!.State![0]);
}
