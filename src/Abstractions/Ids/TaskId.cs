using System.Diagnostics.CodeAnalysis;

namespace FaultTolerance;

/// <summary>Names one task for its whole life, across attempts, nodes and restarts.</summary>
/// <remarks>
/// The id is a time-ordered UUID (version 7, RFC 9562) and is stored as 16 bytes in big-endian order, so that rows made
/// one after the other lie beside each other in an index. Clients make ids, so that a repeated submit is recognised.
/// </remarks>
/// <param name="Value">The UUID behind the id.</param>
[GenerateSerializer, Immutable, Alias("ft.TaskId")]
public readonly record struct TaskId([property: Id(0)] Guid Value) : IComparable<TaskId>, ISpanParsable<TaskId>
{
    /// <summary>The length of the binary form, in bytes.</summary>
    public const int ByteLength = 16;

    /// <summary>Makes a new id that sorts by the time at which it was made.</summary>
    /// <param name="timeProvider">The clock whose time goes into the id; the system's when omitted.</param>
    [SuppressMessage("ApiDesign", "RS0030", Justification = "This is the id type that the ban points to.")]
    public static TaskId New(TimeProvider? timeProvider = null) =>
        new(Guid.CreateVersion7((timeProvider ?? TimeProvider.System).GetUtcNow()));

    /// <summary>Reads an id from its 16 big-endian bytes.</summary>
    public static TaskId FromBytes(ReadOnlySpan<byte> bytes) => new(new Guid(bytes, bigEndian: true));

    /// <summary>Returns the 16 bytes of the id in big-endian order, the order in which ids sort.</summary>
    public byte[] ToBytes() => Value.ToByteArray(bigEndian: true);

    /// <summary>Reads an id from its text form: 32 hexadecimal digits, with or without hyphens.</summary>
    /// <exception cref="FormatException">The text is not an id.</exception>
    public static TaskId Parse(string text) => Parse(text, null);

    /// <inheritdoc/>
    public static TaskId Parse(string s, IFormatProvider? provider) => new(Guid.Parse(s, provider));

    /// <inheritdoc/>
    public static TaskId Parse(ReadOnlySpan<char> s, IFormatProvider? provider) => new(Guid.Parse(s, provider));

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out TaskId result) =>
        TryParse(s.AsSpan(), provider, out result);

    /// <inheritdoc/>
    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out TaskId result)
    {
        var parsed = Guid.TryParse(s, out var value);
        result = new TaskId(value);
        return parsed;
    }

    /// <summary>Compares two ids in the order in which they are stored, which is the order of their making.</summary>
    public int CompareTo(TaskId other) => Value.CompareTo(other.Value);

    /// <summary>Returns the id as 32 lower-case hexadecimal digits.</summary>
    public override string ToString() => Value.ToString("n");
}
