using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.GrainState;

namespace FaultTolerance.Storage.Commits;

/// <summary>How writes of grains' states are committed.</summary>
internal sealed class StateCommits(IStorageEngine engine) : CommitTarget<GrainStateWrite, bool>
{
    public override Task<IReadOnlyList<bool>> CommitAsync(IReadOnlyList<GrainStateWrite> writes, CancellationToken cancellationToken) =>
        engine.CommitStatesAsync(writes, cancellationToken);

    public override async ValueTask<IReadOnlyList<bool>> SettleAsync(
        IReadOnlyList<GrainStateWrite> writes, IReadOnlyList<bool> results, CancellationToken cancellationToken)
    {
        bool[]? settled = null;
        for (var i = 0; i < writes.Count; i++)
        {
            if (!results[i] && (await engine.ReadStateAsync(writes[i].Key, cancellationToken))?.Token == writes[i].Token)
            {
                (settled ??= [.. results])[i] = true;
            }
        }

        return settled ?? results;
    }

    public override RowKey KeyOf(GrainStateWrite write) => new(write.Key);

    public override RowKey? SecondKeyOf(GrainStateWrite write) => null;

    public override int SizeOf(GrainStateWrite write) => write.State?.Length ?? 0;

    public override TaskId? TaskOf(GrainStateWrite write) => null;

    public override int Compare(GrainStateWrite left, GrainStateWrite right) => string.CompareOrdinal(left.Key, right.Key);
}
