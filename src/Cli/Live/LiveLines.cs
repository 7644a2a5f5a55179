using Spectre.Console;

namespace FaultTolerance.Cli.Live;

/// <summary>Writes a run line by line: each thing that happened once, and how far the work is now and then.</summary>
internal sealed class LiveLines(IAnsiConsole console, TimeSpan progressInterval)
{
    private int _written;
    private TimeSpan _lastProgress;

    /// <summary>Writes what is new in a frame.</summary>
    public void Write(LiveFrame frame)
    {
        foreach (var entry in frame.Timeline.Skip(_written))
        {
            console.MarkupLine(LiveView.Line(entry));
        }

        _written = frame.Timeline.Count;
        if (frame.Elapsed - _lastProgress >= progressInterval && frame.IsPlanned)
        {
            console.MarkupLine(LiveView.Progress(frame));
            _lastProgress = frame.Elapsed;
        }
    }
}
