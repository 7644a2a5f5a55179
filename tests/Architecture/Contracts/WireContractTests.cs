using System.Reflection;

namespace FaultTolerance.Architecture.Tests.Contracts;

public sealed class WireContractTests
{
    private const string Snapshot = "tests/Architecture/Contracts/wire-contract.txt";

    private static readonly Type[] Product = [.. new[]
    {
        "Abstractions", "Client", "Grains", "Storage", "Storage.PostgreSql", "Storage.Sqlite",
    }.SelectMany(name => Assembly.Load($"FaultTolerance.Orleans.{name}").GetTypes())];

    [Fact]
    public void What_travels_between_versions_is_named_on_purpose()
    {
        var holes = WireContract.Holes(Product).ToList();

        Assert.True(holes.Count == 0, $"A rename would break a rolling upgrade:{Lines(holes)}");
    }

    [Fact]
    public void What_travels_between_versions_is_what_was_agreed()
    {
        var actual = WireContract.Describe(Product);
        var received = Path.Combine(AppContext.BaseDirectory, Path.GetFileName(Snapshot));
        File.WriteAllLines(received, actual);

        var differences = ContractDifferences.Find(Repository.Read(Snapshot).Split('\n', StringSplitOptions.RemoveEmptyEntries), actual);

        Assert.True(
            differences.Count == 0,
            $"The contract between silos, clients and stored rows has changed:{Lines(differences)}\n" +
            "A new type, method, enum member or member with an [Id] never used before is understood by nobody older, but harms nobody. Anything taken away,\n" +
            "renumbered or of another type breaks an upgrade during which both versions run. To accept it on purpose, from the top of the repository:\n" +
            $"  cp {received} {Snapshot}");
    }

    [Fact]
    public void A_type_without_a_name_of_its_own_is_a_hole() => Assert.Equal(
    [
        $"{typeof(Unnamed).FullName} has no [Alias]: give it one.",
        $"{typeof(IUnnamed).FullName} has no [Alias]: give it one.",
        $"{typeof(UnnamedGrain).FullName} has no [GrainType]: give it one.",
        $"{typeof(IUnnamed).FullName}.CallAsync has no [Alias]: give it one.",
        $"{typeof(IUnnamed).FullName}.CallAsync has no [ResponseTimeout]: say how long a caller waits.",
        $"{typeof(Unnamed).FullName}.Forgotten has no [Id]: give it one, or [NonSerialized] in a field.",
    ],
    WireContract.Holes([typeof(Unnamed), typeof(IUnnamed), typeof(UnnamedGrain)]));

    [Fact]
    public void Each_line_that_differs_is_shown_below_the_type_it_belongs_to() => Assert.Equal(
        ["- class A <a>: 1 int Gone", "+ class A <a>: 1 long Gone", "+ class B <b>", "+ class B <b>: 0 int New"],
        ContractDifferences.Find(
            ["class A <a>", "  0 int Kept", "  1 int Gone"],
            ["class A <a>", "  0 int Kept", "  1 long Gone", "class B <b>", "  0 int New"]));

    private static string Lines(IEnumerable<string> lines) => string.Concat(lines.Select(line => $"\n  {line}"));
}
