namespace FaultTolerance.Grains.Nodes;

/// <summary>Asks every other node whether it can reach the store.</summary>
internal interface IPeerPoll
{
    /// <summary>Asks all at once.</summary>
    /// <param name="limit">How long an answer may take.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>One word for each node that lives as far as is known here. Never an exception: no answer is an answer.</returns>
    Task<IReadOnlyList<PeerWord>> AskAsync(TimeSpan limit, CancellationToken cancellationToken);
}
