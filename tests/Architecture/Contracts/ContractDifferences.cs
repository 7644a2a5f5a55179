namespace FaultTolerance.Architecture.Tests.Contracts;

/// <summary>Compares two descriptions of a contract line by line; an indented line belongs to the one above it that is not.</summary>
internal static class ContractDifferences
{
    /// <summary>Returns the lines that are gone, with a minus, and those that are new, with a plus, in the order of the types.</summary>
    public static IReadOnlyList<string> Find(IEnumerable<string> agreed, IEnumerable<string> actual)
    {
        var (before, after) = (Qualified(agreed), Qualified(actual));
        return
        [
            .. before.Except(after).Select(line => (Line: line, Sign: '-'))
                .Concat(after.Except(before).Select(line => (Line: line, Sign: '+')))
                .OrderBy(found => found.Line, StringComparer.Ordinal)
                .Select(found => $"{found.Sign} {found.Line}"),
        ];
    }

    private static List<string> Qualified(IEnumerable<string> lines)
    {
        var (qualified, type) = (new List<string>(), "");
        foreach (var line in lines)
        {
            type = line.StartsWith(' ') ? type : line;
            qualified.Add(line.StartsWith(' ') ? $"{type}: {line.Trim()}" : line);
        }

        return qualified;
    }
}
