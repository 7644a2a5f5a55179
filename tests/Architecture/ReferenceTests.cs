namespace FaultTolerance.Architecture.Tests;

public sealed class ReferenceTests
{
    /// <summary>
    /// What each project may link. Abstractions ← Storage ← Storage.*; Abstractions ← Client ← Grains; Storage ← Grains ←
    /// Testing. Silo, Cli and the samples compose: they may link whatever lies below them.
    /// </summary>
    private static readonly Dictionary<string, string[]> Linkable = new()
    {
        ["src/Abstractions"] = [],
        ["src/Storage"] = ["src/Abstractions"],
        ["src/Storage.Sqlite"] = ["src/Abstractions", "src/Storage"],
        ["src/Storage.PostgreSql"] = ["src/Abstractions", "src/Storage"],
        ["src/Client"] = ["src/Abstractions"],
        ["src/Grains"] = ["src/Abstractions", "src/Client", "src/Storage"],
        ["src/Testing"] = ["src/Abstractions", "src/Client", "src/Grains", "src/Storage"],
        ["src/Silo"] =
        [
            "src/Abstractions", "src/Client", "src/Grains",
            "src/Storage", "src/Storage.PostgreSql", "src/Storage.Sqlite",
        ],
        ["src/Cli"] =
        [
            "src/Abstractions", "src/Client", "src/Grains", "src/Testing",
            "src/Storage", "src/Storage.PostgreSql", "src/Storage.Sqlite",
            "samples/FileManifest", "samples/FileManifest.Check", "samples/SteadyLoad",
        ],
        ["samples/FileManifest"] = ["src/Abstractions", "src/Client"],
        ["samples/FileManifest.Check"] = [],
        ["samples/SteadyLoad"] = ["src/Abstractions"],
    };

    /// <summary>What a project may have built and laid beside it without seeing a type of it.</summary>
    private static readonly Dictionary<string, string[]> Buildable = new()
    {
        ["src/Cli"] = ["src/Silo"],
    };

    public static TheoryData<string> Projects => [.. Repository.Projects("src"), .. Repository.Projects("samples")];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_references_only_what_lies_below_it(string project)
    {
        Assert.True(
            Linkable.ContainsKey(project),
            $"{project} has no row in {nameof(ReferenceTests)}.{nameof(Linkable)}; add one that says what it may reference.");

        var wrong = Repository.References(project)
            .Where(reference => !Allowed(reference.IsLinked ? Linkable : Buildable, project).Contains(reference.Target))
            .Select(reference => reference.IsLinked ? reference.Target : $"{reference.Target} (not linked)");

        Assert.True(
            !wrong.Any(),
            $"{project} references {string.Join(", ", wrong)}; " +
            $"it may link only: {Listed(Linkable, project)}; and build beside it only: {Listed(Buildable, project)}.");
    }

    [Fact]
    public void Every_row_of_the_table_is_a_project()
    {
        var gone = Linkable.Keys.Except([.. Repository.Projects("src"), .. Repository.Projects("samples")]);

        Assert.True(!gone.Any(), $"The table in {nameof(ReferenceTests)} has rows for projects that are gone: {string.Join(", ", gone)}.");
    }

    [Fact]
    public void The_command_line_builds_the_silo_without_linking_it() =>
        Assert.Contains(new ProjectReference("src/Silo", IsLinked: false), Repository.References("src/Cli"));

    private static string[] Allowed(Dictionary<string, string[]> table, string project) => table.GetValueOrDefault(project, []);

    private static string Listed(Dictionary<string, string[]> table, string project) =>
        Allowed(table, project) is { Length: > 0 } allowed ? string.Join(", ", allowed) : "nothing";
}
