using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace FaultTolerance.Architecture.Tests.Documents;

/// <summary>Compiles the code of a document against the product, as a reader would who copies it.</summary>
/// <remarks>
/// Each block sees the types of its whole document, its own ones first, then those nearest before it. Its statements are tried alone, and else
/// after those of all blocks before it, so that a document can go on with what it began, and can also begin anew under the same names.
/// </remarks>
internal static class BlockCompiler
{
    private static readonly MetadataReference[] References =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path))];

    private static readonly CSharpCompilationOptions Options =
        new(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable);

    /// <summary>Returns what the compiler finds wrong with the blocks of one document.</summary>
    public static IReadOnlyList<string> Compile(IReadOnlyList<CodeBlock> blocks, Surroundings surroundings)
    {
        var parts = blocks.Select(BlockParts.Of).ToList();
        return [.. Enumerable.Range(0, parts.Count).SelectMany(index => Errors(parts, index, surroundings)).Distinct()];
    }

    private static IReadOnlyList<string> Errors(List<BlockParts> parts, int index, Surroundings surroundings)
    {
        var alone = Errors(Source(parts, index, first: index, surroundings));
        if (alone.Count == 0 || index == 0)
        {
            return alone;
        }

        var continued = Errors(Source(parts, index, first: 0, surroundings));
        return continued.Count < alone.Count ? continued : alone;
    }

    private static IReadOnlyList<string> Errors(string source)
    {
        var tree = CSharpSyntaxTree.ParseText(source, new CSharpParseOptions(LanguageVersion.Latest));
        return
        [
            .. CSharpCompilation.Create("document", [tree], References, Options).GetDiagnostics()
                .Where(found => found.Severity == DiagnosticSeverity.Error)
                .Select(found => (Place: found.Location.GetMappedLineSpan(), Text: $"{found.Id}: {found.GetMessage(System.Globalization.CultureInfo.InvariantCulture)}"))
                .Select(found => $"{found.Place.Path}({found.Place.StartLinePosition.Line + 1}): {found.Text}"),
        ];
    }

    private static string Source(List<BlockParts> parts, int index, int first, Surroundings surroundings)
    {
        var own = parts[first..(index + 1)];
        return $$"""
            {{string.Concat(surroundings.Usings.Select(name => $"using {name};\n"))}}
            {{string.Concat(own.Select(part => part.Usings))}}
            {{string.Concat(TypesSeenFrom(parts, index))}}
            #line default
            internal static class Document
            {
                {{string.Concat(surroundings.Locals.Select(local => $"private static {local}\n"))}}
                {{string.Concat(own.Select(part => part.Members))}}
            #line default
                private static async System.Threading.Tasks.Task RunAsync()
                {
                    {{string.Concat(own.Select(part => part.Statements))}}
            #line default
                    await System.Threading.Tasks.Task.CompletedTask;
                }
            }
            """;
    }

    private static IEnumerable<string> TypesSeenFrom(List<BlockParts> parts, int index) =>
        parts[..(index + 1)].AsEnumerable().Reverse().Concat(parts[(index + 1)..])
            .SelectMany(part => part.Types)
            .DistinctBy(type => type.Key)
            .SelectMany(type => type);
}
