namespace FaultTolerance.Gateways;

/// <summary>A client's mailbox: passes outcomes on to the client while it listens. The key is the session's id.</summary>
/// <remarks>
/// It holds nothing that is not in the store: what it cannot pass on it drops, and the client asks a gateway for
/// what it misses.
/// </remarks>
[Alias("ft.ISessionGrain")]
public interface ISessionGrain : IGrainWithGuidKey
{
    /// <summary>Listens for a while; a client repeats it well before <paramref name="period"/> is over.</summary>
    [Alias("Listen"), ResponseTimeout("00:00:03")]
    Task ListenAsync(IOutcomeListener listener, TimeSpan period);

    /// <summary>Passes outcomes on.</summary>
    /// <returns>Whether the client has acknowledged them.</returns>
    [Alias("Tell"), ResponseTimeout("00:00:03")]
    Task<bool> TellAsync(IReadOnlyList<TaskOutcome> outcomes);
}
