using System.Numerics;
using FaultTolerance;

namespace FileManifest;

/// <summary>The tree of tasks that adds up the tallies of all files: a digest for each leaf, a merge for each node above.</summary>
/// <remarks>
/// The whole tree is submitted at once, each task depending on the results below it by reference. Into how many shards a
/// node is split is a guess from the sizes of its files. Where the guess was too low the tasks say so instead of cutting
/// anything off, and only those nodes and the ones above them are submitted again with more shards. A node of more than
/// one shard is as many tasks, each of which takes from the nodes below what belongs to its shard.
/// </remarks>
internal sealed class TallyTree
{
    private readonly List<List<Node>> _levels = [];
    private readonly List<Node> _nodes = [];

    /// <summary>Plans the tree over the sizes of the files.</summary>
    public TallyTree(IReadOnlyList<long> sizes, ManifestOptions options)
    {
        var level = sizes.Select(size => Add(new Node { Bytes = size })).ToList();
        _levels.Add(level);
        do
        {
            level = level.Count == 0 ? [Add(new Node())] : [.. level.Chunk(options.FanIn).Select(below => Add(Above(below, options)))];
            _levels.Add(level);
        }
        while (level.Count > 1);
    }

    /// <summary>Gets the nodes above the leaves, level by level from the bottom.</summary>
    public IEnumerable<IReadOnlyList<Node>> Merges => _levels.Skip(1);

    /// <summary>Gets one leaf for each file.</summary>
    public IReadOnlyList<Node> Leaves => _levels[0];

    /// <summary>Gets the node that holds the whole folder's tally.</summary>
    public Node Root => _levels[^1][0];

    /// <summary>Splits nodes that turned out too large, and forgets the results of all that depend on them.</summary>
    /// <remarks>A node above holds every key of those below, so it needs as many shards as any of them.</remarks>
    public void Split(IEnumerable<TallySplit> splits)
    {
        foreach (var split in splits)
        {
            var node = _nodes[split.Node];
            node.Shards = Math.Max(split.Count, node.Shards * 2);
            if (node.Shards > TallyShard.MaxCount)
            {
                throw new InvalidOperationException(
                    $"The folder has so many different words that their tally needs more than {TallyShard.MaxCount} shards; choose a smaller folder.");
            }

            for (var above = node; above is not null; above = above.Parent)
            {
                above.Parts = [];
                above.Shards = Math.Max(above.Shards, node.Shards);
            }
        }
    }

    private static Node Above(Node[] below, ManifestOptions options)
    {
        var bytes = below.Sum(node => node.Bytes);
        var guess = Math.Min((bytes / options.BytesPerShard) + 1, TallyShard.MaxCount);
        var node = new Node { Bytes = bytes, Below = below, Shards = (int)BitOperations.RoundUpToPowerOf2((ulong)guess) };
        foreach (var child in below)
        {
            child.Parent = node;
        }

        return node;
    }

    private Node Add(Node node)
    {
        node.Number = _nodes.Count;
        _nodes.Add(node);
        return node;
    }

    /// <summary>One node: the tally of a file, or of the nodes below.</summary>
    internal sealed class Node
    {
        public int Number { get; set; }

        public Node? Parent { get; set; }

        public IReadOnlyList<Node> Below { get; init; } = [];

        public long Bytes { get; init; }

        public int Shards { get; set; } = 1;

        /// <summary>Gets or sets one reference for each shard; none until they are submitted.</summary>
        public IReadOnlyList<ObjectRef<TallyPart>> Parts { get; set; } = [];

        public bool IsSubmitted => Parts.Count > 0;

        /// <summary>Returns what to ask for: one slice for each shard.</summary>
        public IEnumerable<TallySlice> Slices(int limit) =>
            Enumerable.Range(0, Shards).Select(i => new TallySlice(Number, new TallyShard(i, Shards), limit));

        /// <summary>Returns those parts of this node that hold keys of a shard of the node above.</summary>
        public IEnumerable<ObjectRef<TallyPart>> PartsFor(TallyShard shard) => shard.Count >= Shards
            ? [Parts[shard.Index / (shard.Count / Shards)]]
            : Parts.Skip(shard.Index * (Shards / shard.Count)).Take(Shards / shard.Count);
    }
}
