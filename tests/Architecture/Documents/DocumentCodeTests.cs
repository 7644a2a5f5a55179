namespace FaultTolerance.Architecture.Tests.Documents;

public sealed class DocumentCodeTests
{
    private const string Language = "csharp";

    public static TheoryData<string> Pages => [.. Repository.Documents()];

    [Theory]
    [MemberData(nameof(Pages))]
    public void The_code_of_a_document_compiles(string page)
    {
        var blocks = CodeBlock.Find(page, Repository.Read(page)).Where(block => block.Language == Language).ToList();

        AssertNone(BlockCompiler.Compile(blocks, Surroundings.Of(page)));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Code_is_fenced_under_the_name_that_is_compiled(string page) => AssertNone(CodeBlock.Find(page, Repository.Read(page))
        .Where(block => block.Language is "cs" or "c#" or "C#" or "CSharp")
        .Select(block => $"{page}({block.Line - 1}): ```{block.Language} is not compiled; write ```{Language}."));

    [Fact]
    public void Readme_and_tasks_have_code() => Assert.All(
        ["README.md", "docs/tasks.md"],
        page => Assert.Contains(CodeBlock.Find(page, Repository.Read(page)), block => block.Language == Language));

    [Theory]
    [InlineData("var id = await client.SubmitAsync((Gone t) => t.Run());", "CS0246")]
    [InlineData("client.SubmitLater(1);", "CS1061")]
    [InlineData("int number = \"text\";", "CS0029")]
    [InlineData("var number = 1", "CS1002")]
    [InlineData("public sealed class Tasks { [TaskHandler] public int One() => 1; }", "CS7036")]
    public void Broken_code_is_found_where_it_stands(string code, string error)
    {
        var errors = BlockCompiler.Compile(CodeBlock.Find("page.md", $"# Page\n\n```csharp\n\n{code}\n```\n"), Surroundings.Default);

        Assert.StartsWith($"page.md(5): {error}: ", Assert.Single(errors), StringComparison.Ordinal);
    }

    [Fact]
    public void A_block_may_go_on_with_what_the_document_began_and_may_begin_anew() => AssertNone(BlockCompiler.Compile(
        CodeBlock.Find("page.md", """
            ```csharp
            var number = new Tasks().One();
            ```
            Handlers come after their use, and mixed with it:
              ```csharp
              public sealed class Tasks { public int One() => 1; }
              Console.WriteLine(number);
              ```
            ```csharp
            var number = "another";
            ```
            ```csharp
            public static int Twice(int number) => 2 * number;
            ```
            """),
        Surroundings.Default));

    private static void AssertNone(IEnumerable<string> wrong) => Assert.True(!wrong.Any(), string.Join('\n', wrong));
}
