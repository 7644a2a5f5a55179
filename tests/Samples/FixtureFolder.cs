using System.Text;

namespace FaultTolerance.Samples.Tests;

/// <summary>A temporary folder of files that are easily got wrong.</summary>
internal sealed class FixtureFolder : IDisposable
{
    public FixtureFolder() => Directory.CreateDirectory(Root);

    public string Root { get; } = Path.Join(Path.GetTempPath(), $"file-manifest-{Path.GetRandomFileName()}");

    public static FixtureFolder WithOddFiles()
    {
        var folder = new FixtureFolder();
        folder.Add("empty", "");
        folder.Add("no newline at the end", "the end");
        folder.Add("windows.txt", "one\r\ntwo\r\n");
        folder.Add("multibyte.txt", "naïve café Straße 你好 world\u212Aelvin 𝒳1\n");
        folder.Add("invalid", [(byte)'a', 0xFF, (byte)'b', 0xC3, (byte)'c', 0xE2, 0x82, (byte)'d', 0xF0, 0x9F, (byte)'\n', 0x80, (byte)'e', 0xC0, 0xAF]);
        folder.Add("nul", "a\0b\0\0c");
        folder.Add("Upper/UPPER lower.txt", "ABC abc aBc 123 1a2b x_y z-w");
        folder.Add("a/b/c/d/deep.txt", "deep\n");
        folder.Add("a.b/first by ordinal", "a dot sorts before a slash\n");
        folder.Add("odd names/ leading and trailing ", "space");
        folder.Add("odd names/new\nline", "new line");
        folder.Add("odd names/emoji 😀", "smile");
        folder.Add("odd names/quote\"back\\slash", "quote");
        folder.Add("twins/one", "the same content\n");
        folder.Add("twins/two", "the same content\n");
        folder.Add("twins/empty too", "");
        folder.Add("long words", $"{new string('A', 128)} {new string('b', 129)} {new string('c', 5000)} {new string('d', 4096)} {new string('e', 300_000)}");
        folder.Add("many words", string.Join(' ', Enumerable.Range(0, 20_000).Select(i => $"w{i % 7_919}")));
        folder.Link("link to a file", "windows.txt");
        folder.Link("link to a folder", "twins");
        folder.Link("dangling link", "nowhere");
        folder.Link("a/loop", "..");
        return folder;
    }

    public string PathOf(string name) => Path.Join(Root, name);

    public void Add(string name, string content) => Add(name, Encoding.UTF8.GetBytes(content));

    public void Add(string name, byte[] content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
        File.WriteAllBytes(PathOf(name), content);
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);

    private void Link(string name, string target) => File.CreateSymbolicLink(PathOf(name), target);
}
