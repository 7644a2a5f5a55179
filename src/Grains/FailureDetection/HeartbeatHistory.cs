namespace FaultTolerance.Grains.FailureDetection;

/// <summary>The newest intervals between one node's heartbeats, and how unusual a silence is against them: the level phi.</summary>
/// <remarks>
/// After Hayashibara, Défago, Yared and Katayama, "The φ Accrual Failure Detector" (SRDS 2004): phi = −log10 of the probability
/// that a heartbeat comes later than now, with intervals taken as normally distributed. The normal distribution's tail is taken
/// from the logistic approximation of Bowling et al. (2009), which is off by less than 0.00014.
/// </remarks>
/// <param name="window">How many intervals are kept.</param>
/// <param name="minDeviation">The least deviation that is assumed.</param>
/// <param name="acceptablePause">How late a heartbeat may be and count as on time.</param>
internal sealed class HeartbeatHistory(int window, TimeSpan minDeviation, TimeSpan acceptablePause)
{
    private readonly Queue<double> _intervals = new();
    private double _sum;
    private double _squares;

    /// <summary>Gets the mean interval in seconds.</summary>
    public double Mean => _intervals.Count == 0 ? 0 : _sum / _intervals.Count;

    /// <summary>Gets the deviation in seconds, at least the least one.</summary>
    public double Deviation
    {
        get
        {
            var variance = _intervals.Count == 0 ? 0 : (_squares / _intervals.Count) - (Mean * Mean);
            return Math.Max(Math.Sqrt(Math.Max(variance, 0)), minDeviation.TotalSeconds);
        }
    }

    /// <summary>Starts from what is expected of a node of which nothing has been heard: its interval, give or take a quarter.</summary>
    public void Expect(TimeSpan interval)
    {
        Add(interval * 0.75);
        Add(interval * 1.25);
    }

    public void Add(TimeSpan interval)
    {
        var seconds = interval.TotalSeconds;
        _intervals.Enqueue(seconds);
        _sum += seconds;
        _squares += seconds * seconds;
        if (_intervals.Count > window)
        {
            var oldest = _intervals.Dequeue();
            _sum -= oldest;
            _squares -= oldest * oldest;
        }
    }

    /// <summary>Returns the level of a silence: 1 is expected once in 10 such waits, 8 once in 100,000,000.</summary>
    public double Phi(TimeSpan silence)
    {
        var expected = Mean + acceptablePause.TotalSeconds;
        var y = (silence.TotalSeconds - expected) / Deviation;
        var e = Math.Exp(-y * (1.5976 + (0.070566 * y * y)));
        return silence.TotalSeconds > expected ? -Math.Log10(e / (1 + e)) : -Math.Log10(1 - (1 / (1 + e)));
    }
}
