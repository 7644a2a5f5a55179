namespace FaultTolerance;

/// <summary>Tells of failures as they are recorded, and of those before from any position on.</summary>
public interface IFailureFeed
{
    /// <summary>Returns every failure that was recorded after a position, then each new one as it comes, without end.</summary>
    /// <remarks>
    /// Each is told once, as it is when it is read; <see cref="FindAsync"/> returns it as it is later. They come in the order of their
    /// records but for those of the last minute, which may come in any order. The loss of silos, gateways or of the whole
    /// cluster only makes a pause. What was recorded before the retention of history has ended and is purged.
    /// </remarks>
    /// <param name="after">Where a former reader stopped; <see cref="FailurePosition.Beginning"/> for all there are; null for those from now on.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="FaultToleranceException">The position is none, or of a newer version.</exception>
    IAsyncEnumerable<FailureNotice> ReadAsync(FailurePosition? after = null, CancellationToken cancellationToken = default);

    /// <summary>Returns a failure as it is now; null when none is recorded under this key, or its retention has ended.</summary>
    /// <param name="key">The key of the incident.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<IncidentSnapshot?> FindAsync(string key, CancellationToken cancellationToken = default);
}
