namespace FaultTolerance;

/// <summary>Does something about failures, on the silos. Added by <c>AddFailureHandler</c>.</summary>
/// <remarks>
/// <para>
/// It is called for each incident at least once: how far it has come stands in the incident, so that another silo goes on where one
/// was lost. It may thus be called again for an incident that it has dealt with; <see cref="IncidentSnapshot.Key"/> says which one it is.
/// </para>
/// <para>
/// It is called for one incident at a time, the most important first: nodes, storage, actors, objects, tasks, and of these the oldest.
/// One that throws, or takes longer than <c>FailureHandlerOptions.CallTimeout</c>, is logged and called again later, and held against
/// nobody: neither other handlers nor recovery wait for it. One that ignores its token is not called again before it has ended.
/// </para>
/// </remarks>
public interface IFailureHandler
{
    /// <summary>Does its part. On return that is recorded, and it is not called for this incident again.</summary>
    /// <param name="incident">The failure, as it is now.</param>
    /// <param name="cancellationToken">Fires when the time limit is over or the silo stops.</param>
    Task HandleAsync(IncidentSnapshot incident, CancellationToken cancellationToken);
}
