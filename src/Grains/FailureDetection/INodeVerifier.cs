namespace FaultTolerance.Grains.FailureDetection;

/// <summary>Asks suspected nodes whether they work.</summary>
internal interface INodeVerifier
{
    /// <summary>Connects to a node and calls it.</summary>
    /// <returns>Whether its pipeline has answered, in this very life. Never an exception: no answer is an answer.</returns>
    Task<bool> AnswersAsync(NodeInfo node);
}
