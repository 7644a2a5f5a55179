using System.Collections.Frozen;
using FaultTolerance.Storage.Nodes;
using Orleans.Serialization;

namespace FaultTolerance.Grains.Nodes;

/// <summary>The lives of nodes as this silo last read them from the store. Read often, replaced as a whole.</summary>
internal sealed class NodeDirectory(Serializer<NodeRecord> records)
{
    private volatile FrozenDictionary<NodeIncarnation, KnownNode> _nodes = FrozenDictionary<NodeIncarnation, KnownNode>.Empty;

    public IEnumerable<KnownNode> All => _nodes.Values;

    /// <summary>The nodes that may be working: their lives have not ended.</summary>
    public IEnumerable<KnownNode> Living => _nodes.Values.Where(node => node.IsLiving);

    public void Replace(IReadOnlyList<NodeRow> rows) => _nodes = Read(rows).ToFrozenDictionary(node => node.Incarnation);

    /// <summary>Reads what stands in rows, without keeping it.</summary>
    public IReadOnlyList<KnownNode> Read(IReadOnlyList<NodeRow> rows)
    {
        var known = _nodes;
        return [.. rows.Select(row => new KnownNode(row, RecordOf(known, row)))];
    }

    public KnownNode? Find(NodeIncarnation incarnation) => _nodes.GetValueOrDefault(incarnation);

    /// <summary>Returns the node's name, or its incarnation where it is not known.</summary>
    public string NameOf(NodeIncarnation incarnation) => Find(incarnation)?.Row.Name ?? incarnation.ToString();

    private NodeRecord RecordOf(FrozenDictionary<NodeIncarnation, KnownNode> known, NodeRow row) =>
        known.TryGetValue(row.Incarnation, out var node) && node.Row.Info.AsSpan().SequenceEqual(row.Info)
            ? node.Record
            : records.Deserialize(row.Info)!;
}
