using System.Numerics;

namespace FileManifest;

/// <summary>The packed form of a tally: for each key its length, its bytes and its sum, numbers seven bits a byte.</summary>
internal static class TallyPacking
{
    /// <summary>Returns the packed size of a key with its sum.</summary>
    public static int Size(int keyLength, long count) => Size(keyLength) + keyLength + Size(count);

    /// <summary>Returns the keys of a packed tally.</summary>
    public static List<byte[]> Keys(TallyPart part)
    {
        var keys = new List<byte[]>();
        var reader = new Reader(part.Packed);
        while (reader.Read())
        {
            keys.Add(reader.Key.ToArray());
        }

        return keys;
    }

    private static int Size(long number) => (BitOperations.Log2((ulong)number | 1) / 7) + 1;

    /// <summary>Reads a packed tally from the start to the end.</summary>
    public ref struct Reader(ReadOnlySpan<byte> packed)
    {
        private ReadOnlySpan<byte> _rest = packed;

        /// <summary>Gets the key read.</summary>
        public ReadOnlySpan<byte> Key { get; private set; }

        /// <summary>Gets the key's sum.</summary>
        public long Count { get; private set; }

        /// <summary>Reads the next key; false at the end.</summary>
        public bool Read()
        {
            if (_rest.IsEmpty)
            {
                return false;
            }

            var length = (int)ReadNumber();
            Key = _rest[..length];
            _rest = _rest[length..];
            Count = ReadNumber();
            return true;
        }

        private long ReadNumber()
        {
            long value = 0;
            for (var shift = 0; ; shift += 7)
            {
                var b = _rest[0];
                _rest = _rest[1..];
                value |= (long)(b & 0x7f) << shift;
                if (b < 0x80)
                {
                    return value;
                }
            }
        }
    }

    /// <summary>Writes a packed tally of at most a known size.</summary>
    public struct Writer(int size)
    {
        private readonly byte[] _buffer = new byte[size];
        private int _length;

        /// <summary>Writes a key with its sum.</summary>
        public void Write(ReadOnlySpan<byte> key, long count)
        {
            WriteNumber(key.Length);
            key.CopyTo(_buffer.AsSpan(_length));
            _length += key.Length;
            WriteNumber(count);
        }

        /// <summary>Returns what was written.</summary>
        public readonly byte[] ToArray() => _buffer[.._length];

        private void WriteNumber(long value)
        {
            for (; value > 0x7f; value >>= 7)
            {
                _buffer[_length++] = (byte)(value | 0x80);
            }

            _buffer[_length++] = (byte)value;
        }
    }
}
