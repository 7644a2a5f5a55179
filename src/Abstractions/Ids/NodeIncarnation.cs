using System.Globalization;

namespace FaultTolerance;

/// <summary>Names one life of a node. A node that restarts is a new incarnation; the old one never comes back.</summary>
/// <remarks>
/// The value is positive and grows with time: the upper 41 bits are milliseconds since 1970, the lower 22 bits are chance.
/// Zero means no incarnation, and is what a row without an owner holds.
/// </remarks>
/// <param name="Value">The number behind the incarnation.</param>
[GenerateSerializer, Immutable, Alias("ft.NodeIncarnation")]
public readonly record struct NodeIncarnation([property: Id(0)] long Value) : IComparable<NodeIncarnation>
{
    private const int ChanceBits = 22;

    /// <summary>The absence of an incarnation: what a row without an owner holds.</summary>
    public static NodeIncarnation None => default;

    /// <summary>Gets a value indicating whether this is no incarnation at all.</summary>
    public bool IsNone => Value == 0;

    /// <summary>Makes the name of a new life.</summary>
    /// <param name="now">The time at which the life starts.</param>
    /// <param name="chance">A random number that keeps lives begun in the same millisecond apart.</param>
    public static NodeIncarnation New(DateTimeOffset now, int chance) =>
        new((now.ToUnixTimeMilliseconds() << ChanceBits) | ((uint)chance & ((1u << ChanceBits) - 1)));

    /// <summary>Reads an incarnation from its text form.</summary>
    /// <exception cref="FormatException">The text is not a hexadecimal number.</exception>
    public static NodeIncarnation Parse(string text) =>
        new(long.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));

    /// <summary>Compares by age: the older life sorts first.</summary>
    public int CompareTo(NodeIncarnation other) => Value.CompareTo(other.Value);

    /// <summary>Returns the incarnation in lower-case hexadecimal.</summary>
    public override string ToString() => Value.ToString("x", CultureInfo.InvariantCulture);
}
