namespace FaultTolerance.Architecture.Tests.Documents;

/// <summary>A fenced block of code in a document.</summary>
/// <param name="Page">The document's path in the repository.</param>
/// <param name="Line">The line of the document on which the code starts, from 1.</param>
/// <param name="Language">What the fence names, such as <c>csharp</c>; empty where it names none.</param>
/// <param name="Code">The code.</param>
internal sealed record CodeBlock(string Page, int Line, string Language, string Code)
{
    private const string Fence = "```";

    /// <summary>Returns the blocks of a document in their order.</summary>
    public static IReadOnlyList<CodeBlock> Find(string page, string text)
    {
        var (blocks, code, language, start) = (new List<CodeBlock>(), new List<string>(), (string?)null, 0);
        foreach (var (index, line) in text.Split('\n').Index())
        {
            var isFence = line.TrimStart().StartsWith(Fence, StringComparison.Ordinal);
            if (isFence && language is null)
            {
                (language, start) = (line.Trim()[Fence.Length..].Trim(), index + 2);
            }
            else if (isFence)
            {
                blocks.Add(new CodeBlock(page, start, language!, string.Join('\n', code)));
                (language, code) = (null, []);
            }
            else if (language is not null)
            {
                code.Add(line);
            }
        }

        return blocks;
    }
}
