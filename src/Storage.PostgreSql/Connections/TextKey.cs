using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using FaultTolerance.Storage.Engines;

namespace FaultTolerance.Storage.PostgreSql;

/// <summary>Texts that callers choose as keys, in the form in which the database holds them.</summary>
internal static class TextKey
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Returns what is unique in the key's place: half of the SHA-256 of its UTF-16 code units.</summary>
    public static Guid Id(string key)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(MemoryMarshal.AsBytes(key.AsSpan()), hash);
        return new Guid(hash[..16], bigEndian: true);
    }

    /// <summary>Returns the key's UTF-8 bytes.</summary>
    public static byte[] Bytes(string key) => Strict.GetBytes(key);

    /// <summary>Returns the key behind its UTF-8 bytes.</summary>
    public static string FromBytes(byte[] bytes) => Strict.GetString(bytes);

    /// <summary>Returns a text that is not longer than it may be.</summary>
    /// <exception cref="StoreException">It is longer: bad data.</exception>
    public static string Checked(string text, int limit, string what) => text.Length <= limit
        ? text
        : throw new StoreException(StoreFault.Data, $"{what} has {text.Length} characters; at most {limit} can be stored. Shorten it.");
}
