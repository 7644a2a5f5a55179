namespace FaultTolerance.Grains.Orders;

/// <summary>How many slots a node may use while it is let back after a quarantine: one, then twice as many after each step. Pure.</summary>
internal static class SlowReturn
{
    /// <summary>Returns how many slots; null for all.</summary>
    /// <param name="slots">The node's slots.</param>
    /// <param name="since">How long ago it was let back.</param>
    /// <param name="step">How long each step takes.</param>
    public static int? Slots(int slots, TimeSpan since, TimeSpan step)
    {
        var steps = (int)Math.Min(30, since / step);
        var allowed = 1L << steps;
        return allowed < slots ? (int)allowed : null;
    }
}
