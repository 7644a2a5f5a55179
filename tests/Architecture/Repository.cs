using System.Xml.Linq;

namespace FaultTolerance.Architecture.Tests;

/// <summary>The source tree this test was built from; every path given out is relative to it, with forward slashes.</summary>
internal static class Repository
{
    private static readonly string Root = FindRoot();

    /// <summary>The folders below <paramref name="area"/> that hold a project, such as <c>src/Client</c>.</summary>
    public static IReadOnlyList<string> Projects(string area) =>
        [.. Directory.EnumerateFiles(Path.Combine(Root, area), "*.csproj", SearchOption.AllDirectories)
            .Select(file => Relative(Path.GetDirectoryName(file)!))
            .Where(IsSource)
            .Order(StringComparer.Ordinal)];

    public static IReadOnlyList<ProjectReference> References(string project)
    {
        var folder = Path.Combine(Root, project);
        var file = Assert.Single(Directory.GetFiles(folder, "*.csproj"));

        return [.. XDocument.Load(file).Descendants("ProjectReference").Select(reference => new ProjectReference(
            Target: Relative(Path.GetDirectoryName(Path.GetFullPath(Slashed(Value(reference, "Include")), folder))!),
            IsLinked: !Value(reference, "ReferenceOutputAssembly").Equals("false", StringComparison.OrdinalIgnoreCase)))];
    }

    public static IEnumerable<string> Folders(string area) =>
        Directory.EnumerateDirectories(Path.Combine(Root, area), "*", SearchOption.AllDirectories)
            .Select(Relative)
            .Where(IsSource);

    public static IEnumerable<string> CSharpFiles(string area) =>
        Directory.EnumerateFiles(Path.Combine(Root, area), "*.cs", SearchOption.AllDirectories)
            .Select(Relative)
            .Where(IsSource);

    /// <summary>The documents for users: the readme and all below <c>docs</c>.</summary>
    public static IEnumerable<string> Documents() =>
        Directory.EnumerateFiles(Path.Combine(Root, "docs"), "*.md", SearchOption.AllDirectories)
            .Select(Relative)
            .Order(StringComparer.Ordinal)
            .Prepend("README.md");

    public static string Read(string file) => File.ReadAllText(Path.Combine(Root, file));

    private static bool IsSource(string path) => !path.Split('/').Any(part => part is "bin" or "obj");

    private static string Relative(string path) => Slashed(Path.GetRelativePath(Root, path));

    private static string Slashed(string path) => path.Replace('\\', '/');

    // MSBuild takes metadata both as an attribute and as a child element.
    private static string Value(XElement reference, string name) =>
        reference.Attribute(name)?.Value ?? reference.Element(name)?.Value ?? "";

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "FaultTolerance.Orleans.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException(
            $"No folder above {AppContext.BaseDirectory} holds FaultTolerance.Orleans.sln; run these tests from their build output.");
    }
}
