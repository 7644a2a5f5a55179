namespace FaultTolerance.Grains.FailureDetection;

/// <summary>Finds out what can be known of the processes of nodes.</summary>
internal interface IProcessProver
{
    /// <summary>Looks whether a node's process exists.</summary>
    /// <param name="node">The node.</param>
    /// <param name="mayConnect">Whether to try a connection where the process itself cannot be seen.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What is known; never an exception for what could not be found out.</returns>
    Task<ProcessProof> ProveAsync(NodeInfo node, bool mayConnect, CancellationToken cancellationToken);
}
