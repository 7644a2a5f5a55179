using System.Diagnostics;

namespace FaultTolerance.Bench.Measuring;

/// <summary>Makes load and measures it.</summary>
internal static class Load
{
    /// <summary>Keeps a number of operations under way for a time, and returns how many were done a second.</summary>
    /// <param name="underWay">How many are under way: as one ends the next begins.</param>
    /// <param name="length">For how long new ones begin. Those that are under way then are waited for, and counted with their time.</param>
    /// <param name="processes">The silos whose processor time counts.</param>
    /// <param name="operation">Does it, and returns how much it has done. It is given a number that no other one gets in this round.</param>
    public static async Task<Sample> KeepUnderWayAsync(int underWay, TimeSpan length, IReadOnlyList<int> processes, Func<int, Task<int>> operation)
    {
        var (last, before) = (0, ProcessorTime.Read(processes));
        var started = Stopwatch.GetTimestamp();
        var counts = await Task.WhenAll(Enumerable.Range(0, underWay).Select(_ => Task.Run(async () =>
        {
            var count = 0;
            while (Stopwatch.GetElapsedTime(started) < length)
            {
                count += await operation(Interlocked.Increment(ref last));
            }

            return count;
        })));
        var elapsed = Stopwatch.GetElapsedTime(started);
        var total = counts.Sum();
        return new Sample(total / elapsed.TotalSeconds, (ProcessorTime.Read(processes) - before) / total);
    }

    /// <summary>Does an operation a number of times, one after another, and returns the median of how long it took, in milliseconds.</summary>
    public static async Task<Sample> OneByOneAsync(int count, IReadOnlyList<int> processes, Func<int, Task> operation)
    {
        var took = new double[count];
        var before = ProcessorTime.Read(processes);
        for (var i = 0; i < count; i++)
        {
            var started = Stopwatch.GetTimestamp();
            await operation(i);
            took[i] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        }

        return new Sample(Statistics.Median(took), (ProcessorTime.Read(processes) - before) / count);
    }
}
