using System.Text;

namespace FaultTolerance.Bench.Reports;

/// <summary>The tables for people, in Markdown.</summary>
internal static class TextReport
{
    public static string Write(IReadOnlyDictionary<string, string> surroundings, IReadOnlyList<(string Title, IReadOnlyList<RowResult> Rows)> groups)
    {
        var text = new StringBuilder();
        AddSurroundings(text, surroundings);
        foreach (var (title, rows) in groups)
        {
            text.AppendLine().Append("**").Append(title).AppendLine("**").AppendLine();
            AddLine(text, ["what", "name", "median", "least - most", "unit", "CPU µs each: bench + silos + PostgreSQL"]);
            AddLine(text, Enumerable.Repeat("---", 6));
            foreach (var row in rows)
            {
                var cpu = row.Processor;
                AddLine(text,
                [
                    row.Title, row.Name, Figures.Text(row.Median), $"{Figures.Text(row.Least)} - {Figures.Text(row.Most)}", row.Unit,
                    $"{Figures.Text(cpu.Client)} + {Figures.Text(cpu.Silos)} + {Figures.Text(cpu.Server)}",
                ]);
            }
        }

        return text.ToString();
    }

    /// <summary>Adds a list of what the figures depend on.</summary>
    public static void AddSurroundings(StringBuilder text, IReadOnlyDictionary<string, string> surroundings)
    {
        foreach (var (name, value) in surroundings)
        {
            text.Append("* ").Append(name).Append(": ").AppendLine(value);
        }
    }

    /// <summary>Adds one line of a table.</summary>
    public static void AddLine(StringBuilder text, IEnumerable<string> cells) => text.Append("| ").AppendJoin(" | ", cells).AppendLine(" |");
}
