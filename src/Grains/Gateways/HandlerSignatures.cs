using System.Collections.Concurrent;
using FaultTolerance.Grains.Execution;
using FaultTolerance.Grains.Nodes;

namespace FaultTolerance.Grains.Gateways;

/// <summary>Knows which arguments handlers take: those of this silo, and by asking once, those of others.</summary>
/// <remarks>
/// The handlers of one life of a node never change, so an answer holds for as long as that life. They are asked for and not
/// published with the node, whose row is written with each heartbeat.
/// </remarks>
internal sealed class HandlerSignatures(HandlerRegistry handlers, NodeDirectory nodes, NodeLinks links, TimeProvider timeProvider)
{
    /// <summary>How many answers are kept. Past it all are dropped, and asked for again as they are needed.</summary>
    private const int MaxKept = 10_000;

    /// <summary>How long a node that gave no answer is not asked again, so that a batch of calls does not wait for it call by call.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<(NodeIncarnation Node, string Key), IReadOnlyList<string>> _answers = new();
    private readonly ConcurrentDictionary<NodeIncarnation, long> _silent = new();

    public IReadOnlyList<string> OwnKeys => handlers.Keys;

    /// <summary>Returns the types that a handler of this silo takes from its caller; null where there is no such handler.</summary>
    public IReadOnlyList<string>? Own(string name, int version) => handlers.TryGet(name, version, out var handler) ? handler.CallerTypes : null;

    /// <summary>Returns whether a living node has the handler.</summary>
    public bool IsKnown(string key) => Owners(key).Any();

    /// <summary>Returns the types that a handler of another silo takes; null where that silo gives no answer now.</summary>
    public async ValueTask<IReadOnlyList<string>?> AskAsync(string key)
    {
        if (Owners(key).FirstOrDefault(node => !IsSilent(node.Row.Incarnation)) is not { } owner)
        {
            return null;
        }

        var place = (owner.Row.Incarnation, key);
        if (_answers.TryGetValue(place, out var known))
        {
            return known;
        }

        try
        {
            if (await links.To(owner.Info.Address).GetParameterTypesAsync(key) is not { } answer)
            {
                return null;
            }

            if (_answers.Count >= MaxKept)
            {
                _answers.Clear();
            }

            _answers[place] = answer;
            return answer;
        }
        catch (Exception)
        {
            // It is lost, slow, or older than the question. The call is looked at once more where it runs.
            if (_silent.Count >= MaxKept)
            {
                _silent.Clear();
            }

            _silent[owner.Row.Incarnation] = timeProvider.GetTimestamp();
            return null;
        }
    }

    private IEnumerable<KnownNode> Owners(string key) => nodes.Living.Where(node => node.Info.Handlers.Contains(key, StringComparer.Ordinal));

    private bool IsSilent(NodeIncarnation node) => _silent.TryGetValue(node, out var since) && timeProvider.GetElapsedTime(since) < Silence;
}
