using System.Text.Json;

namespace FaultTolerance.Bench.Reports;

/// <summary>One object for programs.</summary>
internal static class JsonReport
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static string Write(IReadOnlyDictionary<string, string> surroundings, IReadOnlyList<(string Title, IReadOnlyList<RowResult> Rows)> groups) =>
        JsonSerializer.Serialize(
            new
            {
                surroundings,
                rows = groups.SelectMany(group => group.Rows).Select(row => new
                {
                    row.Name,
                    row.Title,
                    row.Unit,
                    row.Median,
                    row.Least,
                    row.Most,
                    processorMicroseconds = new { row.Processor.Client, row.Processor.Silos, row.Processor.Server },
                    rounds = row.Samples.Select(sample => sample.Value),
                }),
            },
            Options);
}
