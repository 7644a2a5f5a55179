using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FaultTolerance.Grains.FailureDetection;

/// <inheritdoc/>
internal sealed partial class RefusalWitnesses(
    NodeDirectory nodes,
    Func<SiloAddress, INodeLink> linkTo,
    LocalNode self,
    IOptions<NodeDetectionOptions> options,
    TimeProvider timeProvider,
    ILogger<RefusalWitnesses> logger) : IRefusalWitnesses
{
    /// <summary>Longer than a connection may take there; short against a lease.</summary>
    private TimeSpan Limit => 1.5 * ProcessLook.ConnectTimeout(options.Value);

    public async Task<string?> FindAsync(NodeInfo node)
    {
        var witnesses = Witnesses.Choose(node.Incarnation, nodes.Living, self.Incarnation, _ => false);
        await foreach (var answer in Task.WhenEach(witnesses.Select(witness => AskAsync(node, witness))))
        {
            if (await answer is { } name)
            {
                return name; // the others' words would only cost time: one of them may be dead as well
            }
        }

        return null;
    }

    private async Task<string?> AskAsync(NodeInfo node, KnownNode witness)
    {
        try
        {
            return await linkTo(witness.Info.Address).SeesNoneAsync(node).WaitAsync(Limit, timeProvider) ? witness.Row.Name : null;
        }
        catch (Exception exception)
        {
            LogNoWitness(exception, witness.Row.Name, node.Name, node.Incarnation);
            return null;
        }
    }

    [LoggerMessage(EventIds.RefusalNotWitnessed, LogLevel.Debug, "Node {Witness} did not say whether node {Node}, life {Incarnation}, refuses its connections, too.")]
    private partial void LogNoWitness(Exception exception, string witness, string node, NodeIncarnation incarnation);
}
