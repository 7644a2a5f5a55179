using FileManifest;
using FileManifest.Check;

namespace FaultTolerance.Cli.Demo;

/// <summary>The folder that the demo reads, and what the check says of it. The check is done once as long as the folder stands still.</summary>
internal sealed class CheckedFolder(string folder)
{
    private IReadOnlyList<ListedFile> _checkedFiles = [];
    private byte[]? _check;

    /// <summary>Lists the files.</summary>
    /// <exception cref="UsageException">The folder cannot be listed, or holds no file.</exception>
    public IReadOnlyList<ListedFile> List(CancellationToken cancellationToken)
    {
        try
        {
            var files = FolderListing.List(folder, cancellationToken);
            return files.Count > 0 ? files : throw new UsageException($"{folder} holds no file; name a folder that does.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{folder} cannot be read: {exception.Message} Name a folder that exists and that you may read.", exception);
        }
    }

    /// <summary>Computes the manifest in a single pass that shares nothing with the tasks.</summary>
    /// <param name="files">The files as they are now.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public byte[] Check(IReadOnlyList<ListedFile> files, CancellationToken cancellationToken)
    {
        if (_check is null || !files.SequenceEqual(_checkedFiles))
        {
            _check = FolderCheck.Run(folder, cancellationToken).ToJson();
            _checkedFiles = files;
        }

        return _check;
    }
}
