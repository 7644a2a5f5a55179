using System.Buffers.Binary;

namespace FaultTolerance.Payloads;

/// <summary>Joins the elements of a result into one payload, and takes them apart again.</summary>
/// <remarks>A frame is the number of elements, then each element's length and bytes; numbers are 32 bits, little-endian.</remarks>
public static class PayloadFrame
{
    /// <summary>Joins elements into a frame.</summary>
    public static byte[] Join(params ReadOnlySpan<byte[]> elements)
    {
        var length = sizeof(int);
        foreach (var element in elements)
        {
            length += sizeof(int) + element.Length;
        }

        var frame = new byte[length];
        BinaryPrimitives.WriteInt32LittleEndian(frame, elements.Length);
        var position = sizeof(int);
        foreach (var element in elements)
        {
            BinaryPrimitives.WriteInt32LittleEndian(frame.AsSpan(position), element.Length);
            element.CopyTo(frame, position + sizeof(int));
            position += sizeof(int) + element.Length;
        }

        return frame;
    }

    /// <summary>Takes one element out of a frame.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a frame, or it has no such element.</exception>
    public static ReadOnlyMemory<byte> Element(ReadOnlyMemory<byte> frame, int index)
    {
        var count = ReadLength(frame, 0);
        if (index < 0 || index >= count)
        {
            throw new InvalidDataException($"The payload has {count} elements; element {index} was asked for.");
        }

        var position = sizeof(int);
        for (var i = 0; i < index; i++)
        {
            position += sizeof(int) + ReadLength(frame, position);
        }

        var length = ReadLength(frame, position);
        return position + sizeof(int) + length <= frame.Length
            ? frame.Slice(position + sizeof(int), length)
            : throw Damaged();
    }

    /// <summary>Returns the number of elements in a frame.</summary>
    public static int Count(ReadOnlyMemory<byte> frame) => ReadLength(frame, 0);

    private static int ReadLength(ReadOnlyMemory<byte> frame, int position)
    {
        if (position < 0 || position + sizeof(int) > frame.Length)
        {
            throw Damaged();
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(frame.Span[position..]);
        return length >= 0 && length <= frame.Length ? length : throw Damaged();
    }

    private static InvalidDataException Damaged() => new("The payload is damaged: its lengths do not add up.");
}
