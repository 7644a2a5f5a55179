using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Telemetry;
using Microsoft.Extensions.Logging;

namespace FaultTolerance.Grains.FailureDetection;

/// <inheritdoc/>
internal sealed partial class RefusalWitnesses(
    NodeDirectory nodes, NodeLinks links, LocalNode self, TimeProvider timeProvider, ILogger<RefusalWitnesses> logger) : IRefusalWitnesses
{
    /// <summary>Longer than a connection may take there; short against a lease.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1.5);

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
            return await links.To(witness.Info.Address).SeesNoneAsync(node).WaitAsync(Limit, timeProvider) ? witness.Row.Name : null;
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
