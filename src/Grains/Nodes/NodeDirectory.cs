using System.Collections.Concurrent;
using System.Collections.Frozen;
using FaultTolerance.Grains.Telemetry;
using FaultTolerance.Storage.Nodes;
using Microsoft.Extensions.Logging;
using Orleans.Serialization;

namespace FaultTolerance.Grains.Nodes;

/// <summary>The lives of nodes as this silo last read them from the store. Read often, replaced as a whole.</summary>
/// <remarks>A row that cannot be read is left out and told of once: it must not keep this silo from watching over the others.</remarks>
internal sealed partial class NodeDirectory(Serializer<NodeRecord> records, ILogger<NodeDirectory> logger)
{
    private readonly ConcurrentDictionary<NodeIncarnation, bool> _unreadable = new();
    private volatile FrozenDictionary<NodeIncarnation, KnownNode> _nodes = FrozenDictionary<NodeIncarnation, KnownNode>.Empty;

    public IEnumerable<KnownNode> All => _nodes.Values;

    /// <summary>The nodes that may be working: their lives have not ended.</summary>
    public IEnumerable<KnownNode> Living => _nodes.Values.Where(node => node.IsLiving);

    public void Replace(IReadOnlyList<NodeRow> rows)
    {
        _nodes = Read(rows).ToFrozenDictionary(node => node.Incarnation);
        foreach (var gone in _unreadable.Keys.Except(rows.Select(row => row.Incarnation)))
        {
            _unreadable.TryRemove(gone, out _);
        }
    }

    /// <summary>Reads what stands in rows, without keeping it.</summary>
    public IReadOnlyList<KnownNode> Read(IReadOnlyList<NodeRow> rows)
    {
        var known = _nodes;
        return [.. rows.Select(row => (Row: row, Record: RecordOf(known, row))).Where(read => read.Record is not null).Select(read => new KnownNode(read.Row, read.Record!))];
    }

    public KnownNode? Find(NodeIncarnation incarnation) => _nodes.GetValueOrDefault(incarnation);

    /// <summary>Returns the node's name, or its incarnation where it is not known.</summary>
    public string NameOf(NodeIncarnation incarnation) => Find(incarnation)?.Row.Name ?? incarnation.ToString();

    private NodeRecord? RecordOf(FrozenDictionary<NodeIncarnation, KnownNode> known, NodeRow row)
    {
        if (known.TryGetValue(row.Incarnation, out var node) && node.Row.Info.AsSpan().SequenceEqual(row.Info))
        {
            return node.Record;
        }

        try
        {
            return records.Deserialize(row.Info);
        }
        catch (Exception exception)
        {
            if (_unreadable.TryAdd(row.Incarnation, true))
            {
                LogUnreadable(exception, row.Name, row.Incarnation, row.Phase);
            }

            return null;
        }
    }

    [LoggerMessage(EventIds.NodeUnreadable, LogLevel.Error, "Node {Node}, life {Incarnation}, is {Phase}, and its row cannot be read: this silo does not watch over it. Does it run another version?")]
    private partial void LogUnreadable(Exception exception, string node, NodeIncarnation incarnation, NodePhase phase);
}
