using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FaultTolerance.Grains.FailureDetection;

/// <inheritdoc/>
/// <remarks>
/// One limit holds for the connection and the call together: a witness that needs all of it has no answer, and its own limit is the same.
/// So a suspected node is called, and called by witnesses, within two of it.
/// </remarks>
internal sealed partial class NodeVerifier(
    Func<SiloAddress, INodeLink> linkTo, IOptions<NodeDetectionOptions> options, TimeProvider timeProvider, ILogger<NodeVerifier> logger) : INodeVerifier
{
    public async Task<bool> AnswersAsync(NodeInfo node)
    {
        var (limit, began) = (options.Value.VerificationTimeout, timeProvider.GetTimestamp());
        if (await ProcessLook.ConnectAsync(node.Address, limit, timeProvider, CancellationToken.None) != ConnectionAnswer.Accepted)
        {
            return false;
        }

        // A frozen process accepts connections, too. Only an answer counts.
        try
        {
            var left = limit - timeProvider.GetElapsedTime(began);
            return await linkTo(node.Address).ProbeAsync().WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, timeProvider) == node.Incarnation;
        }
        catch (Exception exception)
        {
            LogNoAnswer(exception, node.Name, node.Incarnation);
            return false;
        }
    }

    public async Task<bool> AnswersAsync(NodeInfo node, NodeInfo witness)
    {
        try
        {
            return await linkTo(witness.Address).ReachesAsync(node).WaitAsync(options.Value.VerificationTimeout, timeProvider);
        }
        catch (Exception exception)
        {
            LogNoWitness(exception, witness.Name, node.Name, node.Incarnation);
            return false;
        }
    }

    [LoggerMessage(EventIds.WitnessDidNotAnswer, LogLevel.Debug, "Node {Witness} did not say whether node {Node}, life {Incarnation}, answers it.")]
    private partial void LogNoWitness(Exception exception, string witness, string node, NodeIncarnation incarnation);

    [LoggerMessage(EventIds.NodeDidNotAnswer, LogLevel.Debug, "Node {Node}, life {Incarnation}: it was called and did not answer.")]
    private partial void LogNoAnswer(Exception exception, string node, NodeIncarnation incarnation);
}
