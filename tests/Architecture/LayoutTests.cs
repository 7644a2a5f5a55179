using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FaultTolerance.Architecture.Tests;

public sealed class LayoutTests
{
    private const int MaximumLinesPerFile = 300;

    private static readonly string[] NamesThatSayNothing = ["Helpers", "Utils", "Common", "Models", "Interfaces"];

    [Fact]
    public void No_folder_has_a_name_that_says_nothing()
    {
        var wrong = Repository.Folders("src")
            .Where(folder => NamesThatSayNothing.Contains(Path.GetFileName(folder), StringComparer.OrdinalIgnoreCase));

        AssertNone(wrong, "Name a folder after the concept it holds, not after the kind of its files");
    }

    [Fact]
    public void No_file_is_longer_than_300_lines()
    {
        var wrong = Repository.CSharpFiles("src")
            .Select(file => (file, lines: Repository.Read(file).TrimEnd().Split('\n').Length))
            .Where(found => found.lines > MaximumLinesPerFile)
            .Select(found => $"{found.file} has {found.lines} lines");

        AssertNone(wrong, $"Split files beyond {MaximumLinesPerFile} lines by responsibility");
    }

    [Fact]
    public void A_file_declares_one_public_type_at_most()
    {
        var wrong = Repository.CSharpFiles("src")
            .Select(file => (file, types: PublicTypes(Repository.Read(file))))
            .Where(found => found.types.Count > 1)
            .Select(found => $"{found.file} declares {string.Join(", ", found.types)}");

        AssertNone(wrong, "Give each public type a file of its own");
    }

    [Theory]
    [InlineData("public class A; internal class B;", 1)]
    [InlineData("public partial class A; public partial class A;", 1)]
    [InlineData("public class A { public enum Inner; }", 1)]
    [InlineData("namespace N; public record struct A; public delegate void B();", 2)]
    [InlineData("namespace N { public class A; public class A<T>; }", 2)]
    public void Public_types_are_counted_by_name_and_arity(string source, int expected) =>
        Assert.Equal(expected, PublicTypes(source).Count);

    private static List<string> PublicTypes(string source) =>
        [.. CSharpSyntaxTree.ParseText(source).GetCompilationUnitRoot()
            .DescendantNodes(node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax)
            .OfType<MemberDeclarationSyntax>()
            .Where(member => member.Modifiers.Any(SyntaxKind.PublicKeyword))
            .Select(Name)
            .OfType<string>()
            .Distinct()];

    private static string? Name(MemberDeclarationSyntax member) => member switch
    {
        TypeDeclarationSyntax type => type.Identifier.Text + type.TypeParameterList,
        BaseTypeDeclarationSyntax type => type.Identifier.Text,
        DelegateDeclarationSyntax type => type.Identifier.Text + type.TypeParameterList,
        _ => null,
    };

    private static void AssertNone(IEnumerable<string> wrong, string rule) =>
        Assert.True(!wrong.Any(), $"{rule}:{string.Concat(wrong.Select(found => $"\n  {found}"))}");
}
