namespace FaultTolerance.Grains.History;

/// <summary>Lets so many through in each minute, and counts the others. Reads no clock: <c>now</c> is passed in.</summary>
/// <param name="perMinute">How many.</param>
internal sealed class IncidentRate(int perMinute)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Queue<TimeSpan> _taken = new();
    private long _omitted;

    /// <summary>Takes a place, if there is one.</summary>
    /// <param name="now">The monotonic time.</param>
    /// <param name="omitted">How many were left out since the last that got a place.</param>
    public bool TryTake(TimeSpan now, out long omitted)
    {
        lock (_lock)
        {
            while (_taken.TryPeek(out var first) && now - first >= Minute)
            {
                _taken.Dequeue();
            }

            omitted = _omitted;
            if (_taken.Count >= perMinute)
            {
                _omitted++;
                return false;
            }

            _taken.Enqueue(now);
            _omitted = 0;
            return true;
        }
    }
}
