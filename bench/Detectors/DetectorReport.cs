using System.Globalization;
using System.Text;
using System.Text.Json;
using FaultTolerance.Bench.Reports;
using FaultTolerance.Grains.Nodes;

namespace FaultTolerance.Bench.Detectors;

/// <summary>What watching costs: a table for people in Markdown, or one object for programs.</summary>
internal static class DetectorReport
{
    private const double BytesForEachKilobyte = 1_000;

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static string Text(IReadOnlyDictionary<string, string> surroundings, IReadOnlyList<DetectorCost> costs, NodeDetectionOptions options)
    {
        var text = new StringBuilder();
        TextReport.AddSurroundings(text, surroundings);
        text.AppendLine().AppendLine("**Processor time in µs, memory in KB**").AppendLine();
        TextReport.AddLine(text,
        [
            "nodes", "a heartbeat", "a check, each node", "a comparison, each node", "a reading of the rows, each node", "witnesses of one suspect", "memory of the detector, each node",
            "memory of the directory, each node", $"of one core with `{options.Profile}`",
        ]);
        TextReport.AddLine(text, Enumerable.Repeat("---", 9));
        foreach (var cost in costs)
        {
            TextReport.AddLine(text,
            [
                cost.Nodes.ToString("N0", CultureInfo.InvariantCulture), Figures.Text(cost.Heartbeat), Figures.Text(cost.Check), Figures.Text(cost.Comparison), Figures.Text(cost.Directory),
                Figures.Text(cost.Witnesses), Figures.Text(cost.DetectorBytes / BytesForEachKilobyte), Figures.Text(cost.DirectoryBytes / BytesForEachKilobyte),
                $"{Figures.Text(100 * cost.ShareOfCore(options))} %",
            ]);
        }

        return text.ToString();
    }

    public static string Json(IReadOnlyDictionary<string, string> surroundings, IReadOnlyList<DetectorCost> costs, NodeDetectionOptions options) => JsonSerializer.Serialize(
        new
        {
            surroundings,
            profile = options.Profile.ToString(),
            costs = costs.Select(cost => new
            {
                cost.Nodes,
                heartbeatMicroseconds = cost.Heartbeat,
                checkMicrosecondsForEachNode = cost.Check,
                comparisonMicrosecondsForEachNode = cost.Comparison,
                directoryMicrosecondsForEachNode = cost.Directory,
                witnessesMicroseconds = cost.Witnesses,
                detectorBytesForEachNode = cost.DetectorBytes,
                directoryBytesForEachNode = cost.DirectoryBytes,
                shareOfCore = cost.ShareOfCore(options),
            }),
        },
        Options);
}
