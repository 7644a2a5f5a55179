using System.Globalization;
using System.Text;

namespace FileManifest;

/// <summary>What a tally counts by. All that a manifest adds up is a number under a key, so that one kind of task adds up everything.</summary>
/// <remarks>
/// A word is its own key, as ASCII. A word of more than <see cref="MaxWord"/> letters is kept in a short form that tells it
/// apart from every other: its first 32 letters, <c>~</c>, its length, <c>~</c>, its SHA-256 in hexadecimal. Other keys start
/// with a byte that no word has.
/// </remarks>
public static class TallyKey
{
    /// <summary>The longest word that is kept letter by letter.</summary>
    public const int MaxWord = 128;

    internal const int MaxLength = 160;

    private const int ShortForm = 32;
    private const byte ContentMark = 1;
    private const byte TotalMark = 2;

    internal static byte[] Files { get; } = [TotalMark, (byte)'f'];

    internal static byte[] Unreadable { get; } = [TotalMark, (byte)'u'];

    internal static byte[] Bytes { get; } = [TotalMark, (byte)'b'];

    internal static byte[] Lines { get; } = [TotalMark, (byte)'l'];

    internal static byte[] Content(ReadOnlySpan<byte> sha256) => [ContentMark, .. sha256];

    internal static byte[] LongWord(ReadOnlySpan<byte> start, long length, ReadOnlySpan<byte> sha256) => Encoding.ASCII.GetBytes(
        string.Create(CultureInfo.InvariantCulture, $"{Encoding.ASCII.GetString(start[..ShortForm])}~{length}~{Convert.ToHexStringLower(sha256)}"));

    internal static bool IsWord(ReadOnlySpan<byte> key) => key[0] > TotalMark;

    internal static bool IsContent(ReadOnlySpan<byte> key) => key[0] == ContentMark;

    /// <summary>Returns the SHA-256 in a content's key, in lower-case hexadecimal.</summary>
    internal static string Sha256(ReadOnlySpan<byte> key) => Convert.ToHexStringLower(key[1..]);

    /// <summary>Returns a key's hash: the same in every process, and even in its upper bits, by which tallies are split.</summary>
    internal static ulong Hash(ReadOnlySpan<byte> key)
    {
        var hash = 14695981039346656037ul; // FNV-1a
        foreach (var b in key)
        {
            hash = (hash ^ b) * 1099511628211ul;
        }

        hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccdul; // the finish of MurmurHash3: FNV alone leaves short keys' upper bits uneven
        hash = (hash ^ (hash >> 33)) * 0xc4ceb9fe1a85ec53ul;
        return hash ^ (hash >> 33);
    }
}
