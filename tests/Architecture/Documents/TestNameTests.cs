using System.Text.RegularExpressions;

namespace FaultTolerance.Architecture.Tests.Documents;

/// <summary>A promise in a document names the test that proves it, and there is that test.</summary>
public sealed partial class TestNameTests
{
    [Fact]
    public void Every_test_that_a_document_names_is_there()
    {
        var tests = Repository.CSharpFiles("tests").SelectMany(file => TestsOf(Repository.Read(file))).ToHashSet(StringComparer.Ordinal);
        var named = Repository.Documents().SelectMany(file => NamesOf(Repository.Read(file)).Select(name => (File: file, Name: name))).ToList();

        var missing = named.Where(one => !tests.Contains(one.Name)).Select(one => $"{one.File}: {one.Name}").ToList();
        Assert.True(missing.Count == 0, $"There is no such test: {string.Join(", ", missing)}");
        Assert.True(named.Count > 50, $"Only {named.Count} names of tests were found in the documents.");
    }

    [Theory]
    [InlineData("| it dies | it is told | `A_silo_dies_and_more`, `The_rest` |", "A_silo_dies_and_more")]
    [InlineData("Set `OTEL_EXPORTER_OTLP_ENDPOINT` and `full_page_writes`.")]
    public void A_name_of_a_test_is_told_from_a_setting(string text, params string[] names) => Assert.Equal(names, NamesOf(text));

    [Theory]
    [InlineData("    [Fact]\n    public async Task It_is_so()\n", "It_is_so")]
    [InlineData("    [Theory]\n    [InlineData(\"a\")]\n    [MemberData(nameof(Rows))]\n    public void It_is_so(string what) =>\n", "It_is_so")]
    [InlineData("    private static void It_is_none()\n")]
    [InlineData("    public Task It_is_none() => Task.CompletedTask;\n")]
    public void A_test_is_told_from_another_method(string text, params string[] names) => Assert.Equal(names, TestsOf(text));

    private static IEnumerable<string> NamesOf(string text) => Name().Matches(text).Select(match => match.Groups[1].Value);

    private static IEnumerable<string> TestsOf(string text) => Test().Matches(text).Select(match => match.Groups[1].Value);

    /// <summary>A sentence of three words at least. Settings of other programs are in capitals throughout, or begin with a small letter.</summary>
    [GeneratedRegex(@"`(?=\w*[a-z])([A-Z][A-Za-z0-9]*(?:_[A-Za-z0-9]+){2,})`")]
    private static partial Regex Name();

    [GeneratedRegex(@"^ *\[(?:Fact|Theory)\b[^\n]*\n(?: *(?:\[|//)[^\n]*\n)*? *public [\w<> ]*?\b(\w+)\(", RegexOptions.Multiline)]
    private static partial Regex Test();
}
