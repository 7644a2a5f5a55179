using System.Security.Cryptography;

namespace FileManifest;

/// <summary>Reads the bytes of one file in pieces: adds its words to a tally, counts its words and lines, hashes it.</summary>
/// <remarks>
/// Letters and digits of ASCII are single bytes in UTF-8, and no byte of anything else, valid or not, is one of them. So words
/// can be found without decoding: whatever is not an ASCII letter or digit separates words.
/// </remarks>
internal sealed class ContentReader(TallyTable words) : IDisposable
{
    private const byte Separator = 0;

    private static readonly byte[] Lowered = LowerCase();

    private readonly IncrementalHash _content = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly IncrementalHash _longWord = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _word = new byte[4096]; // the newest letters of the word being read
    private readonly byte[] _wordStart = new byte[TallyKey.MaxWord];
    private int _filled;
    private long _wordLength;

    /// <summary>Gets the number of bytes read.</summary>
    public long Size { get; private set; }

    /// <summary>Gets the number of bytes 0x0A read.</summary>
    public long Lines { get; private set; }

    /// <summary>Gets the number of words read to their end.</summary>
    public long Words { get; private set; }

    /// <summary>Reads the next piece.</summary>
    public void Read(ReadOnlySpan<byte> piece)
    {
        _content.AppendData(piece);
        Size += piece.Length;
        foreach (var b in piece)
        {
            var letter = Lowered[b];
            if (letter != Separator)
            {
                AddLetter(letter);
            }
            else
            {
                EndWord();
                Lines += b == '\n' ? 1 : 0;
            }
        }
    }

    /// <summary>Ends the file and returns its SHA-256.</summary>
    public byte[] End()
    {
        EndWord();
        return _content.GetHashAndReset();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _content.Dispose();
        _longWord.Dispose();
    }

    private void AddLetter(byte letter)
    {
        if (_filled == _word.Length)
        {
            Flush();
        }

        _word[_filled++] = letter;
        _wordLength++;
    }

    private void EndWord()
    {
        if (_wordLength == 0)
        {
            return;
        }

        if (_wordLength <= TallyKey.MaxWord)
        {
            words.Add(_word.AsSpan(0, _filled), 1);
        }
        else
        {
            Flush();
            words.Add(TallyKey.LongWord(_wordStart, _wordLength, _longWord.GetHashAndReset()), 1);
        }

        Words++;
        (_filled, _wordLength) = (0, 0);
    }

    private void Flush()
    {
        if (_wordLength == _filled)
        {
            _word.AsSpan(0, _wordStart.Length).CopyTo(_wordStart);
        }

        _longWord.AppendData(_word.AsSpan(0, _filled));
        _filled = 0;
    }

    private static byte[] LowerCase()
    {
        var lowered = new byte[256];
        for (var b = 0; b < lowered.Length; b++)
        {
            lowered[b] = char.IsAsciiLetterOrDigit((char)b) ? (byte)char.ToLowerInvariant((char)b) : Separator;
        }

        return lowered;
    }
}
