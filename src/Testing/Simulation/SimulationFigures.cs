using System.Diagnostics;
using System.Globalization;

namespace FaultTolerance.Testing.Simulation;

/// <summary>How much was simulated, and how fast: steps by the clock, and by the processor's time, which other load on the machine does not change much.</summary>
internal sealed class SimulationFigures
{
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly TimeSpan _used = Environment.CpuUsage.TotalTime;
    private int _runs;
    private long _steps;
    private long _attempts;
    private long _deaths;
    private TimeSpan _virtual;

    public void Add(SimulationReport report)
    {
        _runs++;
        _steps += report.Steps;
        _attempts += report.Attempts;
        _deaths += report.Deaths;
        _virtual += report.Elapsed;
    }

    public override string ToString()
    {
        var (elapsed, used) = (Stopwatch.GetElapsedTime(_started), Environment.CpuUsage.TotalTime - _used);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{_runs:N0} runs, {_steps:N0} steps, {_attempts:N0} attempts, {_deaths:N0} deaths in {_virtual.TotalSeconds:N0} virtual seconds: {elapsed.TotalSeconds:F1} s by the clock, {used.TotalSeconds:F1} s of processor time, {_steps / used.TotalMinutes:N0} steps a minute of it.");
    }
}
