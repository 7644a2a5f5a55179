using System.Reflection;

namespace FaultTolerance.Architecture.Tests.Documents;

public sealed class EventDocumentTests
{
    private const string Page = "docs/events.md";
    private const string Header = "| Id | Level | Part | Message |\n|---|---|---|---|\n";

    private static readonly Assembly[] Product = [.. new[]
    {
        "Client", "Grains", "Storage", "Storage.PostgreSql", "Storage.Sqlite",
    }.Select(name => Assembly.Load($"FaultTolerance.Orleans.{name}"))];

    [Fact]
    public void The_table_of_events_is_what_the_code_logs()
    {
        var page = Repository.Read(Page);
        var start = page.IndexOf(Header, StringComparison.Ordinal);
        Assert.True(start >= 0, $"{Page} has no table that begins with:\n{Header}");
        var actual = $"{page[..start]}{Header}{string.Concat(LogEvent.Find(Product).Select(found => $"{found.Row}\n"))}";
        var received = Path.Combine(AppContext.BaseDirectory, Path.GetFileName(Page));
        File.WriteAllText(received, actual);

        var differences = page.Split('\n').Except(actual.Split('\n')).Select(line => $"- {line}")
            .Concat(actual.Split('\n').Except(page.Split('\n')).Select(line => $"+ {line}"));

        Assert.True(
            page == actual,
            $"{Page} does not say what is logged:\n{string.Join('\n', differences)}\nMend it, from the top of the repository: cp {received} {Page}");
    }

    [Fact]
    public void An_id_stands_for_one_event()
    {
        var doubled = LogEvent.Find(Product).GroupBy(found => found.Id).Where(same => same.Count() > 1);

        Assert.True(!doubled.Any(), $"Give each of these an id of its own:\n{string.Join('\n', doubled.SelectMany(same => same).Select(found => found.Row))}");
    }

    [Fact]
    public void Every_id_that_is_named_is_logged()
    {
        var logged = LogEvent.Find(Product).Select(found => found.Id).ToHashSet();
        var named = Product.SelectMany(assembly => assembly.GetTypes())
            .Where(type => type.Name.EndsWith("EventIds", StringComparison.Ordinal))
            .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public))
            .Select(field => (field.Name, Id: (int)field.GetRawConstantValue()!));

        Assert.DoesNotContain(named, id => !logged.Contains(id.Id));
    }
}
