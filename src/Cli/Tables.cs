using System.Globalization;
using Spectre.Console;

namespace FaultTolerance.Cli;

/// <summary>How all commands write tables, numbers and times.</summary>
internal static class Tables
{
    /// <summary>Makes a table without lines, which fits 80 columns and can be cut by other programs.</summary>
    /// <param name="columns">The headers. One that ends in <c>!</c> is never broken over lines; one that starts with <c>&gt;</c> is aligned to the right.</param>
    public static Table Create(params string[] columns) => Create(2, columns);

    /// <summary>Makes a table with fewer spaces between its columns, for one that has no room for more.</summary>
    public static Table CreateNarrow(params string[] columns) => Create(1, columns);

    private static Table Create(int gap, string[] columns)
    {
        var table = new Table { Border = TableBorder.None };
        foreach (var (i, column) in columns.Index())
        {
            var padding = new Padding(0, 0, i < columns.Length - 1 ? gap : 0, 0);
            var title = new TableColumn($"[grey]{column.TrimStart('>').TrimEnd('!')}[/]") { Padding = padding, NoWrap = column.EndsWith('!') };
            table.AddColumn(column.StartsWith('>') ? title.RightAligned() : title);
        }

        return table;
    }

    public static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>Returns a time in full, for one task or node.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>Returns a length of time in its largest unit, in eight characters at the most.</summary>
    public static string Span(TimeSpan span) => span switch
    {
        { TotalSeconds: < 0 } => "0 s",
        { TotalSeconds: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{span.TotalMilliseconds:0} ms"),
        { TotalMinutes: < 2 } => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0} s"),
        { TotalHours: < 2 } => string.Create(CultureInfo.InvariantCulture, $"{span.TotalMinutes:0} min"),
        { TotalDays: < 2 } => string.Create(CultureInfo.InvariantCulture, $"{span.TotalHours:0} h"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{span.TotalDays:N0} d"),
    };

    /// <summary>Returns a value of an enum as words in lower case.</summary>
    public static string Words<T>(T value)
        where T : struct, Enum => string.Concat(value.ToString().Select((letter, i) => char.IsUpper(letter) && i > 0 ? $" {char.ToLowerInvariant(letter)}" : $"{char.ToLowerInvariant(letter)}"));

    public static string Phase(TaskPhase phase) => Coloured(Words(phase), phase switch
    {
        TaskPhase.Succeeded => "green",
        TaskPhase.Failed => "red",
        TaskPhase.Cancelled => "yellow",
        TaskPhase.Running => "blue",
        _ => "default",
    });

    public static string Phase(string node) => Coloured(node, node switch
    {
        "alive" or "left" => "green",
        "suspected" or "joining" or "starting" or "draining" or "quarantined" => "yellow",
        _ => "red",
    });

    public static string Coloured(string text, string colour) => $"[{colour}]{text.EscapeMarkup()}[/]";
}
