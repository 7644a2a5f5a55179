using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Telemetry;
using FaultTolerance.Storage;
using Microsoft.Extensions.Logging;

namespace FaultTolerance.Grains.FailureDetection;

/// <summary>Carries out sentences: the store decides, and each death becomes one incident.</summary>
internal sealed partial class NodeDeaths(
    IDurableStore store, NodeIncidents incidents, IProcessProver prover, IClusterEvents events, ILogger<NodeDeaths> logger)
{
    /// <summary>From when on a death without an incident is taken for one whose recorder died in between.</summary>
    public static readonly TimeSpan RecorderLimit = TimeSpan.FromSeconds(2);

    private readonly HashSet<NodeIncarnation> _recorded = [];

    /// <summary>Ends a life, unless the store knows better.</summary>
    /// <remarks>What fails is told, and found again by the next look: it must not keep the other dead from their end.</remarks>
    /// <returns>Whether this call has ended it for sure.</returns>
    public async Task<bool> EndAsync(DeathSentence sentence, CancellationToken cancellationToken)
    {
        var (name, incarnation) = (sentence.Node.Row.Name, sentence.Node.Incarnation);
        try
        {
            if (!await store.EndNodeAsync(sentence.ToEnd(), cancellationToken))
            {
                return false;
            }
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogNotEnded(exception, name, incarnation);
            return false;
        }

        try
        {
            await RecordAsync(sentence, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogNotRecorded(exception, name, incarnation);
        }

        return true;
    }

    /// <summary>Records those deaths that were committed and not recorded: whoever did the one may have died before the other.</summary>
    public async Task RecordMissingAsync(IEnumerable<KnownNode> nodes, CancellationToken cancellationToken)
    {
        foreach (var node in nodes.Where(node => node.Row is { Phase: NodePhase.Dead, Recovered: null } && !_recorded.Contains(node.Incarnation)))
        {
            try
            {
                await RecordMissingAsync(node, cancellationToken);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                LogNotRecorded(exception, node.Row.Name, node.Incarnation);
            }
        }

        _recorded.IntersectWith(nodes.Select(node => node.Incarnation));
    }

    private async Task RecordMissingAsync(KnownNode node, CancellationToken cancellationToken)
    {
        if (await incidents.FindAsync(node.Incarnation, cancellationToken) is not null)
        {
            _recorded.Add(node.Incarnation);
        }
        else if (node.Row.Ended + RecorderLimit <= store.Now)
        {
            // On what proof it was ended stands in its row; what is seen now, when somebody else may have its process id, only adds to the evidence.
            var proof = await prover.ProveAsync(node.Info, mayConnect: true, cancellationToken);
            var (isProvedGone, grounds) = node.Row.IsProvedGone switch
            {
                true => (true, "Its process was proved gone then."),
                false => (false, "Its lease had ended then."),
                null => (proof.IsGone, "By an older version."),
            };
            await RecordAsync(new DeathSentence(node, isProvedGone, $"Declared dead at {node.Row.Ended:O}. {grounds} Now: {proof.Evidence}"), cancellationToken);
        }
    }

    private async Task RecordAsync(DeathSentence sentence, CancellationToken cancellationToken)
    {
        var incident = await incidents.AddAsync(sentence, cancellationToken);
        _recorded.Add(sentence.Node.Incarnation);
        if (incident is not null)
        {
            LogDead(sentence.Node.Row.Name, sentence.Node.Incarnation, sentence.Kind, sentence.Evidence);
            events.OnNodeDead(incident);
        }
    }

    [LoggerMessage(EventIds.NodeNotEnded, LogLevel.Warning, "Node {Node}, life {Incarnation}: its end could not be carried out, or is not known to be; it is looked at again.")]
    private partial void LogNotEnded(Exception exception, string node, NodeIncarnation incarnation);

    [LoggerMessage(EventIds.DeathNotRecorded, LogLevel.Warning, "Node {Node}, life {Incarnation}, is dead: its incident could not be recorded now; it is tried again.")]
    private partial void LogNotRecorded(Exception exception, string node, NodeIncarnation incarnation);

    [LoggerMessage(EventIds.NodeDead, LogLevel.Warning, "Node {Node}, life {Incarnation}, is dead ({Kind}): {Evidence}")]
    private partial void LogDead(string node, NodeIncarnation incarnation, FailureKind kind, string evidence);
}
