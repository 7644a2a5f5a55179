using System.IO.Enumeration;

namespace FileManifest;

/// <summary>Finds every file below a folder: regular files only, and no symbolic link is followed.</summary>
/// <remarks>
/// A sub-folder that cannot be listed stands among the files under its own path, so that its digest says why: nothing is
/// left out in silence.
/// </remarks>
public static class FolderListing
{
    /// <summary>The most files that one manifest may have.</summary>
    public const int MaxFiles = 1_000_000;

    /// <summary>Lists the files below a folder, in the ordinal order of their paths.</summary>
    /// <exception cref="IOException">The folder itself cannot be listed, or has too many files.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder itself may not be listed.</exception>
    public static IReadOnlyList<ListedFile> List(string folder, CancellationToken cancellationToken = default)
    {
        var files = new List<ListedFile>();
        var folders = new Stack<string>([""]);
        while (folders.TryPop(out var relative))
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                foreach (var found in Entries(Path.Join(folder, relative)))
                {
                    Add(found, relative, files, folders);
                }
            }
            catch (Exception exception) when (relative.Length > 0 && FileError.Describe(exception) is not null)
            {
                files.Add(new ListedFile(relative, 0, default));
            }

            if (files.Count > MaxFiles)
            {
                throw new IOException($"{folder} has more than {MaxFiles} files; choose a smaller folder.");
            }
        }

        files.Sort((a, b) => string.CompareOrdinal(a.Path, b.Path));
        return files;
    }

    private static void Add(Found found, string relative, List<ListedFile> files, Stack<string> folders)
    {
        var path = relative.Length == 0 ? found.Name : $"{relative}/{found.Name}";
        if (found.IsFolder)
        {
            folders.Push(path);
        }
        else
        {
            files.Add(new ListedFile(path, found.Size, found.ModifiedAt));
        }
    }

    /// <summary>Lists one folder. The list is read to its end first, so that a failure half-way leaves nothing behind.</summary>
    private static List<Found> Entries(string folder) => [.. new FileSystemEnumerable<Found>(
        folder,
        (ref FileSystemEntry entry) => new Found(entry.FileName.ToString(), entry.IsDirectory, entry.IsDirectory ? 0 : entry.Length, entry.LastWriteTimeUtc.UtcDateTime),
        new EnumerationOptions { AttributesToSkip = 0, IgnoreInaccessible = false, RecurseSubdirectories = false })
    {
        ShouldIncludePredicate = (ref FileSystemEntry entry) =>
            !entry.Attributes.HasFlag(FileAttributes.ReparsePoint) && (entry.IsDirectory || FileKind.IsRegular(entry.ToFullPath())),
    }];

    private readonly record struct Found(string Name, bool IsFolder, long Size, DateTime ModifiedAt);
}
