using System.Globalization;
using System.Text;
using FileManifest.Check;

namespace FaultTolerance.Samples.Tests;

public sealed class FolderCheckTests
{
    [Fact]
    public async Task It_finds_the_files_that_find_does()
    {
        using var folder = FixtureFolder.WithOddFiles();
        await Tool.RunAsync("mkfifo", folder.Root, "a pipe");

        var listed = Encoding.UTF8.GetString(await Tool.RunAsync("find", folder.Root, ".", "-type", "f", "-print0"));

        var expected = listed.Split('\0', StringSplitOptions.RemoveEmptyEntries).Select(path => path[2..]).Order(StringComparer.Ordinal);
        Assert.Equal(expected, FolderCheck.Run(folder.Root).Entries.Select(entry => entry.Path));
    }

    [Fact]
    public async Task It_agrees_with_sha256sum_and_wc_about_every_file()
    {
        using var folder = FixtureFolder.WithOddFiles();

        foreach (var entry in FolderCheck.Run(folder.Root).Entries)
        {
            var sum = Encoding.ASCII.GetString(await Tool.RunAsync("sha256sum", folder.Root, "--zero", "--", entry.Path));
            var lines = Encoding.ASCII.GetString(await Tool.RunAsync("wc", folder.Root, "-l", "--", entry.Path));
            var bytes = Encoding.ASCII.GetString(await Tool.RunAsync("wc", folder.Root, "-c", "--", entry.Path));
            Assert.Equal(sum[..64], entry.Sha256);
            Assert.Equal(Number(lines), entry.Lines);
            Assert.Equal(Number(bytes), entry.Size);
        }
    }

    [Fact]
    public async Task It_agrees_with_tr_and_wc_about_the_words_of_every_file()
    {
        using var folder = FixtureFolder.WithOddFiles();

        foreach (var entry in FolderCheck.Run(folder.Root).Entries)
        {
            var words = await Tool.RunAsync("sh", folder.Root, "-c", "tr -cs 'A-Za-z0-9' '\\n' < \"$1\" | wc -w", "sh", entry.Path);
            Assert.Equal(Number(Encoding.ASCII.GetString(words)), entry.Words);
        }
    }

    [Fact]
    public async Task It_agrees_with_sort_and_uniq_about_the_words_of_the_folder()
    {
        using var folder = FixtureFolder.WithOddFiles();
        File.Delete(folder.PathOf("long words"));
        var script = "find . -type f -exec sh -c 'cat \"$1\"; echo' sh {} \\; | tr 'A-Z' 'a-z' | tr -cs 'a-z0-9' '\\n' | sed '/^$/d' | sort | uniq -c";

        var output = Encoding.ASCII.GetString(await Tool.RunAsync("sh", folder.Root, "-c", script));

        var counted = output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(fields => new CheckedWord(fields[1], Number(fields[0]))).ToList();
        var manifest = FolderCheck.Run(folder.Root);
        Assert.Equal(counted.Count, manifest.DistinctWords);
        Assert.Equal(counted.Sum(word => word.Count), manifest.Words);
        Assert.Equal(
            counted.OrderByDescending(word => word.Count).ThenBy(word => word.Word, StringComparer.Ordinal).Take(20), manifest.TopWords);
    }

    [Fact]
    public void It_lists_files_of_the_same_content_together()
    {
        using var folder = FixtureFolder.WithOddFiles();

        var duplicates = FolderCheck.Run(folder.Root).Duplicates;

        Assert.Equal(
            [["empty", "twins/empty too"], ["twins/one", "twins/two"]],
            duplicates.OrderBy(same => same.Size).Select(same => same.Paths));
    }

    [Fact]
    public void Manifests_are_compared_field_by_field()
    {
        using var folder = FixtureFolder.WithOddFiles();
        var manifest = FolderCheck.Run(folder.Root);
        var other = manifest with { Words = manifest.Words + 1, Entries = [.. manifest.Entries.Skip(1)] };

        Assert.Empty(ManifestDifferences.Find(manifest.ToJson(), manifest.ToJson()));
        var differences = ManifestDifferences.Find(manifest.ToJson(), other.ToJson(), limit: 3);

        Assert.Equal($"words: expected {manifest.Words}, was {other.Words}", differences[0]);
        Assert.Equal($"entries: expected {manifest.Entries.Count} items, was {other.Entries.Count}", differences[1]);
        Assert.StartsWith("entries[0].path: expected", differences[2], StringComparison.Ordinal);
    }

    private static long Number(string text) => long.Parse(text.Trim().Split(' ')[0], CultureInfo.InvariantCulture);
}
