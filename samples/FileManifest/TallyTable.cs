using System.Runtime.InteropServices;

namespace FileManifest;

/// <summary>Adds up counts by key, in memory that is bounded by the size of what may be returned.</summary>
/// <remarks>
/// Where the keys of the shard asked for would not fit, the table forgets the second half of them and goes on with the first:
/// so it never holds more than the limit, and at the end knows about how many shards the tally needs.
/// </remarks>
internal sealed class TallyTable(TallySlice slice)
{
    private const int Empty = 0; // a slot holds the number of an entry, counted from 1

    private readonly List<Entry> _entries = [];
    private TallyShard _kept = slice.Shard;
    private byte[] _keys = new byte[1024];
    private int _keysLength;
    private int[] _slots = new int[256];
    private int _packedSize;

    /// <summary>Adds to the sum of a key, if the key belongs to the shard.</summary>
    public void Add(ReadOnlySpan<byte> key, long count) => Add(key, TallyKey.Hash(key), count);

    /// <summary>Returns the shard packed, or what to split where it does not fit.</summary>
    public TallyPart ToPart() => _kept == slice.Shard
        ? new TallyPart { Packed = Pack() }
        : new TallyPart { Splits = [new TallySplit(slice.Node, NeededShards())] };

    private void Add(ReadOnlySpan<byte> key, ulong hash, long count)
    {
        if (!_kept.Contains(hash))
        {
            return;
        }

        ref var slot = ref FindSlot(key, hash);
        if (slot == Empty)
        {
            _entries.Add(new Entry(hash, Keep(key), key.Length, count));
            slot = _entries.Count;
            _packedSize += TallyPacking.Size(key.Length, count);
        }
        else
        {
            ref var entry = ref CollectionsMarshal.AsSpan(_entries)[slot - 1];
            _packedSize -= entry.PackedSize;
            entry = entry with { Count = entry.Count + count };
            _packedSize += entry.PackedSize;
        }

        if (_packedSize > slice.Limit)
        {
            ForgetSecondHalf();
        }
        else if (_entries.Count * 2 > _slots.Length)
        {
            Index(_slots.Length * 2);
        }
    }

    private ref int FindSlot(ReadOnlySpan<byte> key, ulong hash)
    {
        var mask = _slots.Length - 1;
        var entries = CollectionsMarshal.AsSpan(_entries);
        for (var i = (int)hash & mask; ; i = (i + 1) & mask)
        {
            ref var slot = ref _slots[i];
            if (slot == Empty || (entries[slot - 1].Hash == hash && Key(entries[slot - 1]).SequenceEqual(key)))
            {
                return ref slot;
            }
        }
    }

    private int Keep(ReadOnlySpan<byte> key)
    {
        if (_keysLength + key.Length > _keys.Length)
        {
            Array.Resize(ref _keys, Math.Max(_keys.Length * 2, _keysLength + key.Length));
        }

        key.CopyTo(_keys.AsSpan(_keysLength));
        _keysLength += key.Length;
        return _keysLength - key.Length;
    }

    private void ForgetSecondHalf()
    {
        while (_packedSize > slice.Limit)
        {
            _kept = _kept.FirstHalf;
            _entries.RemoveAll(e => !_kept.Contains(e.Hash));
            _packedSize = _entries.Sum(e => e.PackedSize);
        }

        var keys = _keys;
        (_keys, _keysLength) = (new byte[keys.Length], 0);
        foreach (ref var entry in CollectionsMarshal.AsSpan(_entries))
        {
            entry = entry with { Start = Keep(keys.AsSpan(entry.Start, entry.Length)) };
        }

        Index(_slots.Length);
    }

    private void Index(int slots)
    {
        _slots = new int[slots];
        for (var i = 0; i < _entries.Count; i++)
        {
            var at = (int)_entries[i].Hash & (slots - 1);
            while (_slots[at] != Empty)
            {
                at = (at + 1) & (slots - 1);
            }

            _slots[at] = i + 1;
        }
    }

    private byte[] Pack()
    {
        _entries.Sort((a, b) => a.Hash != b.Hash ? a.Hash.CompareTo(b.Hash) : Key(a).SequenceCompareTo(Key(b)));
        var writer = new TallyPacking.Writer(_packedSize);
        foreach (var entry in _entries)
        {
            writer.Write(Key(entry), entry.Count);
        }

        return writer.ToArray();
    }

    /// <summary>The part that was kept fits; when it does so only just, another of the same size may not.</summary>
    private int NeededShards() => _packedSize > slice.Limit / 4 * 3 ? _kept.Count * 2 : _kept.Count;

    private ReadOnlySpan<byte> Key(Entry entry) => _keys.AsSpan(entry.Start, entry.Length);

    private readonly record struct Entry(ulong Hash, int Start, int Length, long Count)
    {
        public int PackedSize => TallyPacking.Size(Length, Count);
    }
}
