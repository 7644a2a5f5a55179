namespace FaultTolerance.Bench;

/// <summary>How much one round measures.</summary>
/// <param name="Length">For how long a row keeps up its load.</param>
/// <param name="Lone">How many operations a row does one after another.</param>
internal readonly record struct RoundSize(TimeSpan Length, int Lone)
{
    /// <summary>As the table says.</summary>
    public static RoundSize Full { get; } = new(TimeSpan.FromSeconds(3), 1_000);

    /// <summary>To see whether all rows run.</summary>
    public static RoundSize Quick { get; } = new(TimeSpan.FromMilliseconds(500), 50);
}
