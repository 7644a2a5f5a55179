using System.Buffers;
using FaultTolerance;
using Microsoft.Extensions.Logging;

namespace FileManifest;

/// <summary>The tasks that look at files.</summary>
public sealed partial class FileTasks(ILogger<FileTasks> logger)
{
    private const int PieceLength = 128 * 1024;

    /// <summary>Reads one file once, whatever its size in bounded memory, and tells what is in it.</summary>
    /// <returns>The file's entry, and the part of its tally that was asked for: its words, its content's hash, its totals.</returns>
    /// <remarks>A file that cannot be read is a result too: an entry with the reason.</remarks>
    [TaskHandler("files.digest", Version = 1)]
    public async Task<(FileEntry Entry, TallyPart Tally)> Digest(FileSlice file, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(file);
        var tally = new TallyTable(file.Words);
        try
        {
            var entry = await ReadAsync(file, tally, cancellationToken);
            return (entry, tally.ToPart());
        }
        catch (Exception exception) when (FileError.Describe(exception) is { } error)
        {
            LogUnreadable(logger, file.Path, error);
            var unreadable = new TallyTable(file.Words);
            unreadable.Add(TallyKey.Files, 1);
            unreadable.Add(TallyKey.Unreadable, 1);
            return (new FileEntry { Path = file.Path, Error = error }, unreadable.ToPart());
        }
    }

    /// <summary>Puts the entries of files that follow each other onto one page of the manifest.</summary>
    [TaskHandler("files.page", Version = 1)]
    public FilePage Page(FileEntry[] entries) => new(entries);

    private static async Task<FileEntry> ReadAsync(FileSlice file, TallyTable tally, CancellationToken cancellationToken)
    {
        await using var stream = new FileStream(Path.Join(file.Folder, file.Path), new FileStreamOptions
        {
            Share = FileShare.ReadWrite | FileShare.Delete,
            Options = FileOptions.SequentialScan,
            BufferSize = 0,
        });
        using var content = new ContentReader(tally);
        var piece = ArrayPool<byte>.Shared.Rent(PieceLength);
        try
        {
            while (await stream.ReadAsync(piece, cancellationToken) is > 0 and var length)
            {
                content.Read(piece.AsSpan(0, length));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }

        var sha256 = content.End();
        tally.Add(TallyKey.Files, 1);
        tally.Add(TallyKey.Bytes, content.Size);
        tally.Add(TallyKey.Lines, content.Lines);
        tally.Add(TallyKey.Content(sha256), 1);
        return new FileEntry
        {
            Path = file.Path,
            Sha256 = Convert.ToHexStringLower(sha256),
            Size = content.Size,
            Lines = content.Lines,
            Words = content.Words,
        };
    }

    [LoggerMessage(1, LogLevel.Warning, "File {Path} could not be read ({Error}); its entry says so.")]
    private static partial void LogUnreadable(ILogger logger, string path, string error);
}
