using System.Text;
using FileManifest;
using FileManifest.Check;
using Microsoft.Extensions.Logging.Abstractions;

namespace FaultTolerance.Samples.Tests;

public sealed class ManifestBuildTests
{
    private const int PayloadLimit = 4 << 20;

    [Theory]
    [InlineData(7 << 19, 16, 128, false)]
    [InlineData(2 << 10, 2, 1, true)]
    [InlineData(32 << 10, 3, 2, true)]
    [InlineData(3 << 10, 100, 1_000, true)]
    public async Task The_tasks_compute_what_the_check_does(int partLimit, int fanIn, int pageLength, bool isSplit)
    {
        using var folder = FixtureFolder.WithOddFiles();
        var client = NewClient(Math.Max(2 * partLimit, 64 << 10));

        var manifest = await BuildAsync(client, folder, new ManifestOptions { PartLimit = partLimit, FanIn = fanIn, PageLength = pageLength });

        Assert.Empty(ManifestDifferences.Find(FolderCheck.Run(folder.Root).ToJson(), manifest.ToJson()));
        Assert.Equal(isSplit, client.CallsByHandler["manifest.summarize"] > 1);
    }

    [Fact]
    public async Task The_manifest_is_the_same_however_it_is_computed()
    {
        using var folder = FixtureFolder.WithOddFiles();

        var large = await BuildAsync(NewClient(PayloadLimit), folder, new ManifestOptions());
        var small = await BuildAsync(NewClient(PayloadLimit), folder, new ManifestOptions { PartLimit = 4 << 10, FanIn = 3, BytesPerShard = 5_000 });

        Assert.Equal(large.Sha256(), small.Sha256());
    }

    [Fact]
    public async Task A_first_guess_that_was_too_low_costs_the_nodes_above_and_no_others()
    {
        using var folder = new FixtureFolder();
        folder.Add("0 large", string.Join(' ', Enumerable.Range(0, 1_000).Select(i => $"{i}")));
        for (var i = 1; i < 8; i++)
        {
            folder.Add($"{i} small", $"{i}");
        }

        var client = NewClient(PayloadLimit);
        await BuildAsync(client, folder, new ManifestOptions { PartLimit = 4 << 10, FanIn = 2 });

        // 8 leaves, of which one is split into two; 4 + 2 + 1 nodes above them, of which three are split with that leaf.
        Assert.Equal(8 + 2, client.CallsByHandler["files.digest"]);
        Assert.Equal(7 + (3 * 2), client.CallsByHandler["manifest.merge"]);
    }

    [Fact]
    public async Task The_tasks_are_as_many_as_were_counted()
    {
        using var folder = FixtureFolder.WithOddFiles();
        var client = NewClient(PayloadLimit);

        await BuildAsync(client, folder, new ManifestOptions { FanIn = 4, PageLength = 5 });

        Assert.Equal(
            client.CallsByHandler.Values.Sum(),
            ManifestBuild.CountTasks(FolderListing.List(folder.Root), new ManifestOptions { FanIn = 4, PageLength = 5 }));
    }

    [Fact]
    public async Task A_file_that_vanished_is_an_entry_with_its_error()
    {
        using var folder = new FixtureFolder();
        folder.Add("there", "word\n");
        folder.Add("gone", "word\n");
        var files = FolderListing.List(folder.Root);
        File.Delete(folder.PathOf("gone"));

        var manifest = await new ManifestBuild(NewClient(PayloadLimit), new ManifestOptions()).RunAsync(folder.Root, files);

        Assert.Equal([("gone", "not found"), ("there", null)], manifest.Entries.Select(entry => (entry.Path, entry.Error)));
        Assert.Equal((2, 1, 5, 1, 1), (manifest.Summary.Files, manifest.Summary.Unreadable, manifest.Summary.Bytes, manifest.Summary.Lines, manifest.Summary.Words));
    }

    [Fact]
    public async Task A_file_that_became_a_folder_is_an_entry_with_its_error()
    {
        using var folder = new FixtureFolder();
        folder.Add("file", "word");
        var files = FolderListing.List(folder.Root);
        File.Delete(folder.PathOf("file"));
        Directory.CreateDirectory(folder.PathOf("file"));

        var manifest = await new ManifestBuild(NewClient(PayloadLimit), new ManifestOptions()).RunAsync(folder.Root, files);

        Assert.Equal("access denied", Assert.Single(manifest.Entries).Error);
    }

    [Fact]
    public async Task An_empty_folder_has_an_empty_manifest()
    {
        using var folder = new FixtureFolder();

        var manifest = await BuildAsync(NewClient(PayloadLimit), folder, new ManifestOptions());

        Assert.Empty(ManifestDifferences.Find(FolderCheck.Run(folder.Root).ToJson(), manifest.ToJson()));
    }

    [Fact]
    public async Task A_digest_stops_when_its_attempt_is_cancelled()
    {
        using var folder = new FixtureFolder();
        folder.Add("file", "word");
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        var slice = new FileSlice { Folder = folder.Root, Path = "file", Words = new TallySlice(0, TallyShard.Whole, 1_024) };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new FileTasks(NullLogger<FileTasks>.Instance).Digest(slice, cancelled.Token));
    }

    [Fact]
    public async Task A_pipe_is_no_file_and_stops_nobody()
    {
        using var folder = new FixtureFolder();
        folder.Add("file", "word");
        await Tool.RunAsync("mkfifo", folder.Root, "pipe");

        Assert.Equal("file", Assert.Single(FolderListing.List(folder.Root)).Path);
    }

    [Fact]
    public void A_word_cut_by_the_reading_of_pieces_is_one_word()
    {
        var table = new TallyTable(new TallySlice(0, TallyShard.Whole, 1 << 20));
        using var reader = new ContentReader(table);
        foreach (var piece in new[] { "one tw", "", "o", " \nthree", "\n" })
        {
            reader.Read(Encoding.ASCII.GetBytes(piece));
        }

        reader.End();

        Assert.Equal((3, 2, 15), (reader.Words, reader.Lines, reader.Size));
        Assert.Equal(["one", "three", "two"], TallyPacking.Keys(table.ToPart()).Select(Encoding.ASCII.GetString).Order(StringComparer.Ordinal));
    }

    private static InMemoryClient NewClient(int payloadLimit) =>
        new(payloadLimit, new FileTasks(NullLogger<FileTasks>.Instance), new ManifestTasks());

    private static Task<Manifest> BuildAsync(InMemoryClient client, FixtureFolder folder, ManifestOptions options) =>
        new ManifestBuild(client, options).RunAsync(folder.Root, FolderListing.List(folder.Root));
}
