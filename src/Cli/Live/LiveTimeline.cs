using FaultTolerance.Testing.Processes;

namespace FaultTolerance.Cli.Live;

/// <summary>Turns what the silos tell into lines of the timeline.</summary>
internal sealed class LiveTimeline(LiveBoard board, NodeWatch watch)
{
    /// <summary>Reads the events until it is cancelled.</summary>
    public async Task RunAsync(SiloEvents events, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var told in events.ReadAllAsync(cancellationToken: cancellationToken))
            {
                Add(told);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return;
        }
    }

    /// <summary>Adds one event.</summary>
    internal void Add(SiloEvent told)
    {
        var node = told.Text("node") ?? told.Node;
        switch (told.Name)
        {
            case "suspected":
                watch.Suspect(node, true);
                break;
            case "alive-again" or "dead" or SiloEvent.Ready:
                watch.Suspect(node, false);
                break;
            default:
                break;
        }

        if (Line(told, node) is { } line)
        {
            board.Add(line.Kind, line.Text);
        }
    }

    private static (TimelineKind Kind, string Text)? Line(SiloEvent told, string node) => told.Name switch
    {
        SiloEvent.Ready => (TimelineKind.Step, $"{node} has joined as life {told.Text("incarnation")}"),
        SiloEvent.ProcessEnded => (TimelineKind.Detected, $"process {told.ProcessId} of {node} has ended{Ending(told.Number("exitCode"))}"),
        SiloEvent.ProcessNotStarted => (TimelineKind.Fault, $"{node} could not be started again: {told.Text("error")}"),
        "suspected" => (TimelineKind.Detected, $"{told.Node} suspects {node}: {told.Text("reason")}"),
        "alive-again" => (TimelineKind.Step, $"{node} has answered and is not suspected any more"),
        "dead" => (TimelineKind.Detected, $"{told.Node} has recorded that {node} is dead: {told.Text("evidence")}"),
        "recovered" => (TimelineKind.Recovered, $"{told.Node} has recovered the work of {node}: {told.Text("attemptsAffected")} attempts"),
        "lease-lost" => (TimelineKind.Detected, $"{node} has found its lease lost and runs nothing"),
        "lease-regained" => (TimelineKind.Recovered, $"{node} has its lease back"),
        _ => null,
    };

    private static string Ending(long? exitCode) => exitCode switch
    {
        null => "",
        > 128 => $" by signal {exitCode - 128}",
        _ => $" with exit code {exitCode}",
    };
}
