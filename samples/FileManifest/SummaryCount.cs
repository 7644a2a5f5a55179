using System.Text;

namespace FileManifest;

/// <summary>Draws a summary out of a tally, key by key.</summary>
internal sealed class SummaryCount(int packedSize)
{
    private readonly PriorityQueue<WordCount, WordCount> _top = new(Comparer<WordCount>.Create(RarestFirst));
    private TallyPacking.Writer _repeated = new(packedSize);
    private long _files, _unreadable, _bytes, _lines, _words, _distinctWords;

    /// <summary>Takes the next key with its sum.</summary>
    public void Add(ReadOnlySpan<byte> key, long count)
    {
        if (TallyKey.IsWord(key))
        {
            AddWord(key, count);
        }
        else if (TallyKey.IsContent(key))
        {
            if (count > 1)
            {
                _repeated.Write(key, count);
            }
        }
        else
        {
            AddTotal(key, count);
        }
    }

    /// <summary>Returns the summary of all keys taken.</summary>
    public ManifestSummary ToSummary() => new()
    {
        Files = _files,
        Unreadable = _unreadable,
        Bytes = _bytes,
        Lines = _lines,
        Words = _words,
        DistinctWords = _distinctWords,
        TopWords = ManifestSummary.MostFrequent(_top.UnorderedItems.Select(item => item.Element)),
    };

    /// <summary>Returns the contents that more than one file has, with the numbers of those files.</summary>
    public TallyPart ToRepeatedContents() => new() { Packed = _repeated.ToArray() };

    private void AddWord(ReadOnlySpan<byte> key, long count)
    {
        _words += count;
        _distinctWords++;
        if (_top.Count == ManifestSummary.TopCount && _top.Peek().Count > count)
        {
            return;
        }

        var word = new WordCount(Encoding.ASCII.GetString(key), count);
        _top.Enqueue(word, word);
        if (_top.Count > ManifestSummary.TopCount)
        {
            _top.Dequeue();
        }
    }

    private void AddTotal(ReadOnlySpan<byte> key, long count)
    {
        ref var total = ref _files;
        if (key.SequenceEqual(TallyKey.Unreadable))
        {
            total = ref _unreadable;
        }
        else if (key.SequenceEqual(TallyKey.Bytes))
        {
            total = ref _bytes;
        }
        else if (key.SequenceEqual(TallyKey.Lines))
        {
            total = ref _lines;
        }

        total += count;
    }

    private static int RarestFirst(WordCount a, WordCount b) =>
        a.Count != b.Count ? a.Count.CompareTo(b.Count) : string.CompareOrdinal(b.Word, a.Word);
}
