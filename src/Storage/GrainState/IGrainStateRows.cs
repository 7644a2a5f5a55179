namespace FaultTolerance.Storage.GrainState;

/// <summary>The stored states of grains, in a table of their own.</summary>
public interface IGrainStateRows
{
    /// <summary>Returns a state; null when there is no row.</summary>
    Task<GrainStateRow?> ReadStateAsync(string key, CancellationToken cancellationToken);
}
