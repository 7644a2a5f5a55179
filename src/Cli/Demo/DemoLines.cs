using Spectre.Console;

namespace FaultTolerance.Cli.Demo;

/// <summary>Writes a run line by line: each thing that happened once, and how far the work is now and then.</summary>
internal sealed class DemoLines(IAnsiConsole console, TimeSpan progressInterval)
{
    private int _written;
    private TimeSpan _lastProgress;

    /// <summary>Writes what is new in a frame.</summary>
    public void Write(DemoFrame frame)
    {
        foreach (var entry in frame.Timeline.Skip(_written))
        {
            console.MarkupLine(DemoView.Line(entry));
        }

        _written = frame.Timeline.Count;
        if (frame.Elapsed - _lastProgress >= progressInterval && frame.Planned > 0)
        {
            console.MarkupLine(DemoView.Progress(frame));
            _lastProgress = frame.Elapsed;
        }
    }
}
