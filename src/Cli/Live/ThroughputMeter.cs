namespace FaultTolerance.Cli.Live;

/// <summary>Tells the rate over the newest seconds from totals that are looked at now and then.</summary>
internal sealed class ThroughputMeter
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(3);

    private readonly Queue<(TimeSpan At, long Total)> _samples = new();

    /// <summary>Notes a total and returns the rate.</summary>
    public double Add(TimeSpan at, long total)
    {
        _samples.Enqueue((at, total));
        while (_samples.Count > 2 && at - _samples.Peek().At > Window)
        {
            _samples.Dequeue();
        }

        var (from, before) = _samples.Peek();
        return at > from ? Math.Max(0, total - before) / (at - from).TotalSeconds : 0;
    }
}
