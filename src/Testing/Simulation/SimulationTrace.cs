using System.Globalization;

namespace FaultTolerance.Testing.Simulation;

/// <summary>What happened, step by step: its hash proves that two runs are the same, its last lines show how a run went wrong.</summary>
/// <param name="timeline">The time of each line.</param>
/// <param name="print">Takes every line as text, where somebody wants to read them; that is slow.</param>
internal sealed class SimulationTrace(Timeline timeline, Action<string>? print)
{
    private const int LinesKept = 400;
    private const ulong HashStart = 14695981039346656037;
    private const ulong HashFactor = 1099511628211;

    private readonly Line[] _last = new Line[LinesKept];
    private long _count;

    /// <summary>The FNV-1a hash over everything that happened.</summary>
    public ulong Hash { get; private set; } = HashStart;

    public void Add(string what, string who, TaskId task = default, int attempt = 0, long detail = 0)
    {
        var line = new Line(timeline.Elapsed, what, who, task, attempt, detail);
        _last[_count++ % LinesKept] = line;
        Mix((ulong)line.At.Ticks);
        Mix(what);
        Mix(who);
        Mix((ulong)task.Value.GetHashCode());
        Mix((ulong)attempt);
        Mix((ulong)detail);
        print?.Invoke(line.ToString());
    }

    /// <summary>Returns the last lines that concern a task, or all of the last lines when it is none's.</summary>
    public IEnumerable<string> Tail(TaskId? task)
    {
        var first = Math.Max(0, _count - LinesKept);
        for (var i = first; i < _count; i++)
        {
            var line = _last[i % LinesKept];
            if (task is null || line.Task == task || line.Task == default)
            {
                yield return line.ToString();
            }
        }
    }

    private void Mix(string text)
    {
        foreach (var character in text)
        {
            Mix(character);
        }
    }

    private void Mix(ulong value) => Hash = (Hash ^ value) * HashFactor;

    private readonly record struct Line(TimeSpan At, string What, string Who, TaskId Task, int Attempt, long Detail)
    {
        public override string ToString()
        {
            var task = Task == default ? "" : string.Create(CultureInfo.InvariantCulture, $" task {Task.Value.ToString("n")[20..]}/{Attempt}");
            var detail = Detail == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" ({Detail})");
            return string.Create(CultureInfo.InvariantCulture, $"{At.TotalSeconds,10:F4} {Who,-12} {What}{task}{detail}");
        }
    }
}
