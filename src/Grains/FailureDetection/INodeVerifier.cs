namespace FaultTolerance.Grains.FailureDetection;

/// <summary>Asks suspected nodes whether they work.</summary>
internal interface INodeVerifier
{
    /// <summary>Connects to a node and calls it.</summary>
    /// <returns>Whether its pipeline has answered, in this very life. Never an exception: no answer is an answer.</returns>
    Task<bool> AnswersAsync(NodeInfo node);

    /// <summary>Has another node do so.</summary>
    /// <param name="node">The node that is suspected.</param>
    /// <param name="witness">The node that is to call it.</param>
    /// <returns>Whether the witness had an answer. Never an exception: a witness that gives none has none.</returns>
    Task<bool> AnswersAsync(NodeInfo node, NodeInfo witness);
}
