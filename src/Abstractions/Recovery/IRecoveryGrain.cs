using Orleans.Concurrency;

namespace FaultTolerance;

/// <summary>Recovers the work of dead nodes and moves on what is overdue. The key is the number of its shard.</summary>
/// <remarks>It keeps nothing in memory that it needs: killed half-way, its successor finds in the store what is left to do.</remarks>
[Alias("ft.IRecoveryGrain")]
public interface IRecoveryGrain : IGrainWithIntegerKey
{
    /// <summary>Looks for work to recover, unless a look is under way. Returns without waiting for it.</summary>
    [Alias("Touch"), AlwaysInterleave, ResponseTimeout("00:00:02")]
    Task TouchAsync();
}
