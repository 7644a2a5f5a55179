using System.Buffers.Binary;
using System.IO.Hashing;

namespace FaultTolerance.Storage.Tasks;

/// <summary>What stands in a row in the place of a payload that is too large for it.</summary>
/// <remarks>
/// Every stored payload starts with one byte: 0 when the payload follows, 1 when a reference follows (token, length, checksum).
/// A payload is thus read back only as a whole: a missing or damaged part is detected.
/// </remarks>
/// <param name="Token">The token of the write that stored the parts.</param>
/// <param name="Length">The payload's length in bytes.</param>
/// <param name="Checksum">The payload's XXH3 checksum.</param>
public readonly record struct PayloadReference(long Token, int Length, ulong Checksum)
{
    /// <summary>The size of one part, in bytes.</summary>
    public const int PartLength = 256 * 1024;

    private const byte InlineMark = 0;
    private const byte ReferenceMark = 1;
    private const int ReferenceLength = 1 + sizeof(long) + sizeof(int) + sizeof(ulong);

    /// <summary>Prepares a payload for its row.</summary>
    /// <param name="payload">The payload.</param>
    /// <param name="token">The token of the write that stores it.</param>
    /// <param name="inlineLimit">The largest payload that goes into the row, in bytes.</param>
    /// <returns>What goes into the row, and the parts that go beside it.</returns>
    public static (byte[] Stored, IReadOnlyList<byte[]> Parts) Store(ReadOnlySpan<byte> payload, long token, int inlineLimit)
    {
        if (payload.Length <= inlineLimit)
        {
            return ([InlineMark, .. payload], []);
        }

        var stored = new byte[ReferenceLength];
        stored[0] = ReferenceMark;
        BinaryPrimitives.WriteInt64LittleEndian(stored.AsSpan(1), token);
        BinaryPrimitives.WriteInt32LittleEndian(stored.AsSpan(9), payload.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(stored.AsSpan(13), XxHash3.HashToUInt64(payload));
        var parts = new List<byte[]>();
        for (var start = 0; start < payload.Length; start += PartLength)
        {
            parts.Add(payload.Slice(start, Math.Min(PartLength, payload.Length - start)).ToArray());
        }

        return (stored, parts);
    }

    /// <summary>Returns whether what stands in a row is a payload itself, or anything else that is no reference to its parts.</summary>
    /// <param name="stored">What stands in the row.</param>
    public static bool IsInline(ReadOnlySpan<byte> stored) => stored is not [ReferenceMark, ..] || stored.Length != ReferenceLength;

    /// <summary>Reads what stands in a row.</summary>
    /// <returns>Whether the payload itself stands there; if not, <paramref name="reference"/> leads to it.</returns>
    /// <exception cref="InvalidDataException">The bytes are neither a payload nor a reference.</exception>
    public static bool TryReadInline(byte[] stored, out ReadOnlyMemory<byte> payload, out PayloadReference reference)
    {
        ArgumentNullException.ThrowIfNull(stored);
        (payload, reference) = (default, default);
        switch (stored)
        {
            case [InlineMark, ..]:
                payload = stored.AsMemory(1);
                return true;
            case [ReferenceMark, ..] when stored.Length == ReferenceLength:
                reference = new PayloadReference(
                    BinaryPrimitives.ReadInt64LittleEndian(stored.AsSpan(1)),
                    BinaryPrimitives.ReadInt32LittleEndian(stored.AsSpan(9)),
                    BinaryPrimitives.ReadUInt64LittleEndian(stored.AsSpan(13)));
                return false;
            default:
                throw new InvalidDataException("A stored payload starts with neither of the two marks; the row is damaged.");
        }
    }

    /// <summary>Returns whether the joined parts are the payload that was stored.</summary>
    public bool Matches(ReadOnlySpan<byte> payload) => payload.Length == Length && XxHash3.HashToUInt64(payload) == Checksum;
}
