using System.Globalization;
using System.Text;
using System.Text.Json;
using FaultTolerance.Bench.Measuring;
using FaultTolerance.Bench.Reports;

namespace FaultTolerance.Bench.Recoveries;

/// <summary>What the strikes have come to: tables for people in Markdown, or one object for programs.</summary>
internal static class RecoveryReport
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static string Text(IReadOnlyDictionary<string, string> surroundings, IReadOnlyList<RecoveryResult> results)
    {
        var text = new StringBuilder();
        TextReport.AddSurroundings(text, surroundings);
        foreach (var fault in results.GroupBy(result => result.Fault))
        {
            text.AppendLine().AppendLine(fault.Key == Fault.Kill ? "**Killed (SIGKILL), seconds, p50 / p99**" : "**Frozen (SIGSTOP), seconds, p50 / p99**").AppendLine();
            string[] heads = ["what", "times", "until detected", "until the first attempt runs elsewhere", "until all do", .. Woken(fault.Key, "runs on once woken")];
            TextReport.AddLine(text, heads);
            TextReport.AddLine(text, Enumerable.Repeat("---", heads.Length));
            foreach (var result in fault)
            {
                TextReport.AddLine(text,
                [
                    result.Title, result.Strikes.Count.ToString(CultureInfo.InvariantCulture),
                    Cell(result.Detected), Cell(result.FirstRestarted), Cell(result.AllRestarted), .. Woken(fault.Key, Cell(result.RanOn)),
                ]);
            }
        }

        text.AppendLine().AppendLine("**Not measured here: from the kill of a worker until its work runs again**").AppendLine();
        TextReport.AddLine(text, ["whose", "time", "source"]);
        TextReport.AddLine(text, Enumerable.Repeat("---", 3));
        foreach (var (whose, time, source) in MeasuredElsewhere.Rows)
        {
            TextReport.AddLine(text, [whose, time, source]);
        }

        return text.ToString();
    }

    public static string Json(IReadOnlyDictionary<string, string> surroundings, IReadOnlyList<RecoveryResult> results) => JsonSerializer.Serialize(
        new
        {
            surroundings,
            recoveries = results.Select(result => new
            {
                result.Title,
                fault = result.Fault.ToString(),
                result.Detected,
                result.FirstRestarted,
                result.AllRestarted,
                result.RanOn,
                strikes = result.Strikes.Select(strike => new
                {
                    detected = strike.Detected.TotalSeconds,
                    firstRestarted = strike.FirstRestarted?.TotalSeconds,
                    allRestarted = strike.AllRestarted?.TotalSeconds,
                    ranOn = strike.RanOn?.TotalSeconds,
                }),
            }),
            measuredElsewhere = MeasuredElsewhere.Rows.Select(row => new { row.Whose, row.Time, row.Source }),
        },
        Options);

    /// <summary>Returns the column of frozen processes, which a table of killed ones has not.</summary>
    private static string[] Woken(Fault fault, string text) => fault == Fault.Freeze ? [text] : [];

    private static string Cell(Spread? spread) => spread is { } times ? $"{Figures.Text(times.Median)} / {Figures.Text(times.P99)}" : "never";
}
