using FaultTolerance;

namespace FileManifest;

/// <summary>Computes the manifest of a folder on a cluster whose nodes see the folder under the same path.</summary>
/// <remarks>
/// It uses the client as any program would. It may be stopped and run again at any time; the tasks of a run that was
/// stopped end by themselves.
/// </remarks>
public sealed class ManifestBuild(IFaultToleranceClient client, ManifestOptions options)
{
    private readonly SubmitOptions _submit = new() { AttemptTimeout = options.AttemptTimeout };

    /// <summary>Returns how many tasks the manifest of those files takes, unless a guess of the plan turns out too low.</summary>
    public static int CountTasks(IReadOnlyList<ListedFile> files, ManifestOptions options)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(options);
        var tree = new TallyTree([.. files.Select(file => file.Size)], options);
        var pages = (files.Count + options.PageLength - 1) / options.PageLength;
        return tree.Leaves.Count + pages + tree.Merges.Sum(level => level.Sum(node => node.Shards)) + tree.Root.Shards + 1;
    }

    /// <summary>Computes the manifest of those files.</summary>
    /// <param name="folder">The folder, as an absolute path.</param>
    /// <param name="files">The files below it, from <see cref="FolderListing"/>.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="TaskFailedException">A task has failed for good.</exception>
    public async Task<Manifest> RunAsync(string folder, IReadOnlyList<ListedFile> files, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(files);
        var tree = new TallyTree([.. files.Select(file => file.Size)], options);
        var entries = await SubmitDigestsAsync(tree, folder, files, cancellationToken);
        var pages = await SubmitPagesAsync(entries, cancellationToken);
        var (summary, repeated) = await FoldAsync(tree, folder, files, cancellationToken);
        var listed = (await client.GetAllAsync(pages, cancellationToken: cancellationToken)).SelectMany(page => page.Entries).ToList();
        return new Manifest { Summary = summary, Entries = listed, Duplicates = FindDuplicates(listed, repeated) };
    }

    private async Task<(ManifestSummary Summary, IReadOnlyList<TallyPart> Repeated)> FoldAsync(
        TallyTree tree, string folder, IReadOnlyList<ListedFile> files, CancellationToken cancellationToken)
    {
        while (true)
        {
            await SubmitMergesAsync(tree, cancellationToken);
            var shards = await client.SubmitManyAsync(
                (ManifestTasks t, ObjectRef<TallyPart> part) => t.Summarize(part.Result), tree.Root.Parts, _submit, cancellationToken);
            var summaries = shards.Select(shard => new ObjectRef<ManifestSummary>(shard.TaskId, 0)).ToArray();
            var total = await client.SubmitAsync((ManifestTasks t) => t.Total(summaries.Results()), _submit, cancellationToken);
            var summary = await client.GetAsync(total, cancellationToken: cancellationToken);
            if (summary.Splits.Count == 0)
            {
                var repeated = shards.Select(shard => new ObjectRef<TallyPart>(shard.TaskId, 1));
                return (summary, await client.GetAllAsync(repeated, cancellationToken: cancellationToken));
            }

            tree.Split(summary.Splits);
            await SubmitDigestsAsync(tree, folder, files, cancellationToken);
        }
    }

    /// <summary>Submits the digests of those leaves that are not submitted yet, and returns references to their entries.</summary>
    private async Task<IReadOnlyList<ObjectRef<FileEntry>>> SubmitDigestsAsync(
        TallyTree tree, string folder, IReadOnlyList<ListedFile> files, CancellationToken cancellationToken)
    {
        var missing = tree.Leaves.Where(leaf => !leaf.IsSubmitted).ToList();
        var slices = missing.SelectMany(leaf => leaf.Slices(options.PartLimit)).ToList();
        var digests = await client.SubmitManyAsync(
            (FileTasks t, FileSlice file) => t.Digest(file, CancellationToken.None),
            slices.Select(slice => new FileSlice { Folder = folder, Path = files[slice.Node].Path, Words = slice }),
            _submit,
            cancellationToken);
        Assign(missing, [.. digests.Select(digest => new ObjectRef<TallyPart>(digest.TaskId, 1))]);
        return [.. digests.Select(digest => new ObjectRef<FileEntry>(digest.TaskId, 0))];
    }

    private async Task<IReadOnlyList<ObjectRef<FilePage>>> SubmitPagesAsync(
        IReadOnlyList<ObjectRef<FileEntry>> entries, CancellationToken cancellationToken) =>
        await client.SubmitManyAsync(
            (FileTasks t, ObjectRef<FileEntry>[] page) => t.Page(page.Results()), entries.Chunk(options.PageLength), _submit, cancellationToken);

    private async Task SubmitMergesAsync(TallyTree tree, CancellationToken cancellationToken)
    {
        foreach (var level in tree.Merges)
        {
            var missing = level.Where(node => !node.IsSubmitted).ToList();
            var merges = missing.SelectMany(node => node.Slices(options.PartLimit).Select(slice => new Merge(
                slice, [.. node.Below.SelectMany(below => below.PartsFor(slice.Shard))])));
            Assign(missing, await client.SubmitManyAsync(
                (ManifestTasks t, Merge merge) => t.Merge(merge.Slice, merge.Parts.Results()), merges, _submit, cancellationToken));
        }
    }

    private static void Assign(List<TallyTree.Node> nodes, IReadOnlyList<ObjectRef<TallyPart>> parts)
    {
        var start = 0;
        foreach (var node in nodes)
        {
            node.Parts = [.. parts.Skip(start).Take(node.Shards)];
            start += node.Shards;
        }
    }

    private static IReadOnlyList<DuplicateFiles> FindDuplicates(IReadOnlyList<FileEntry> entries, IReadOnlyList<TallyPart> repeated)
    {
        var contents = repeated.SelectMany(TallyPacking.Keys).Select(key => TallyKey.Sha256(key)).ToHashSet();
        return [.. entries.Where(entry => contents.Contains(entry.Sha256))
            .GroupBy(entry => entry.Sha256, (sha256, files) => (Sha256: sha256, Files: files.ToList()))
            .OrderBy(group => group.Sha256, StringComparer.Ordinal)
            .Select(group => new DuplicateFiles(group.Sha256, group.Files[0].Size, [.. group.Files.Select(file => file.Path)]))];
    }

    private sealed record Merge(TallySlice Slice, ObjectRef<TallyPart>[] Parts);
}
