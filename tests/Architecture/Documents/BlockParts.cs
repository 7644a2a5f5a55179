using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FaultTolerance.Architecture.Tests.Documents;

/// <summary>A block of code taken apart, since a document may mix what one file may not: types, members and statements in any order.</summary>
internal sealed class BlockParts
{
    private static readonly SyntaxKind[] Accessibilities =
        [SyntaxKind.PublicKeyword, SyntaxKind.PrivateKeyword, SyntaxKind.ProtectedKeyword, SyntaxKind.InternalKeyword];

    private readonly CodeBlock _block;
    private readonly SyntaxTree _tree;

    private BlockParts(CodeBlock block)
    {
        _block = block;
        _tree = CSharpSyntaxTree.ParseText(block.Code);
        var root = _tree.GetCompilationUnitRoot();
        Usings = string.Concat(root.Usings.Select(Located));
        Types = root.Members.Where(IsType).ToLookup(Name, Located);
        Members = string.Concat(root.Members.Where(IsMember).Select(Located));
        Statements = string.Concat(root.Members.Where(member => !IsType(member) && !IsMember(member)).Select(Located));
    }

    public string Usings { get; }

    /// <summary>Gets the source of each type, by name.</summary>
    public ILookup<string, string> Types { get; }

    public string Members { get; }

    public string Statements { get; }

    public static BlockParts Of(CodeBlock block) => new(block);

    private static bool IsType(MemberDeclarationSyntax member) =>
        member is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax or BaseNamespaceDeclarationSyntax;

    // A method with an accessibility belongs into a class; one without is a local function among the statements.
    private static bool IsMember(MemberDeclarationSyntax member) => !IsType(member) && (member is not GlobalStatementSyntax statement
        || (statement.Statement is LocalFunctionStatementSyntax function && function.Modifiers.Any(modifier => Accessibilities.Contains(modifier.Kind()))));

    private static string Name(MemberDeclarationSyntax member) => member switch
    {
        TypeDeclarationSyntax type => type.Identifier.Text + type.TypeParameterList,
        BaseTypeDeclarationSyntax type => type.Identifier.Text,
        DelegateDeclarationSyntax type => type.Identifier.Text + type.TypeParameterList,
        _ => member.ToString(),
    };

    /// <summary>Keeps the place in the document, for the compiler to name.</summary>
    private string Located(SyntaxNode node) =>
        $"#line {_block.Line + _tree.GetLineSpan(node.FullSpan).StartLinePosition.Line} \"{_block.Page}\"\n{node.ToFullString()}\n";
}
