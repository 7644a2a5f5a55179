using System.Text.RegularExpressions;

namespace FaultTolerance.Architecture.Tests.Documents;

public sealed partial class MetricDocumentTests
{
    [Fact]
    public void The_table_of_metrics_names_each_one_with_its_unit()
    {
        var measured = Repository.CSharpFiles("src").SelectMany(file => Instrument().Matches(Repository.Read(file)))
            .Select(match => (Name: match.Groups[1].Value, Unit: match.Groups[2].Value));
        var documented = Row().Matches(Repository.Read("docs/operations.md"))
            .Select(match => (Name: match.Groups[1].Value, Unit: match.Groups[2].Value));

        Assert.Equal(measured.Order(), documented.Order());
    }

    [GeneratedRegex(@"\.Create\w+(?:<\w+>)?\(\s*""(faulttolerance\.[\w.]+)"",(?:\s*\w+,)?\s*""([^""]+)""")]
    private static partial Regex Instrument();

    [GeneratedRegex(@"^\| `(faulttolerance\.[\w.]+)` \| (\{?\w+\}?) \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
