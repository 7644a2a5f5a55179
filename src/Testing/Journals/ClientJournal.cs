using System.Text;

namespace FaultTolerance.Testing.Journals;

/// <summary>What a client was told to be safe: the ids of the tasks whose acceptance was acknowledged, in a file outside the cluster.</summary>
/// <remarks>
/// Each id is a line, flushed to the operating system before the append returns: it survives the death of this process.
/// Registered as a service beside the client, it notes each batch before the submit returns.
/// </remarks>
public sealed class ClientJournal : ISubmitJournal, IDisposable
{
    private const int LineLength = 33;

    private readonly Lock _lock = new();
    private readonly FileStream _file;
    private readonly HashSet<TaskId> _ids;

    private ClientJournal(string path, FileStream file, HashSet<TaskId> ids) => (Path, _file, _ids) = (path, file, ids);

    /// <summary>Gets the file's path.</summary>
    public string Path { get; }

    /// <summary>Gets how many different ids are in the journal.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _ids.Count;
            }
        }
    }

    /// <summary>Opens a journal, or goes on with the one that is there.</summary>
    public static ClientJournal Open(string path)
    {
        var ids = File.Exists(path) ? Read(path).ToHashSet() : [];
        var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, bufferSize: 0);
        file.SetLength(ids.Count * (long)LineLength); // a line that was cut off by the death of its writer was not acknowledged to anybody
        file.Seek(0, SeekOrigin.End);
        return new ClientJournal(path, file, ids);
    }

    /// <summary>Reads the ids of a journal, without a last line that was cut off.</summary>
    /// <exception cref="FormatException">The file is not a journal.</exception>
    public static IReadOnlyList<TaskId> Read(string path)
    {
        var text = File.ReadAllText(path, Encoding.ASCII);
        return [.. text[..(text.Length / LineLength * LineLength)].Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(TaskId.Parse)];
    }

    /// <summary>Notes ids that were acknowledged; a repeat changes nothing.</summary>
    public void Append(IEnumerable<TaskId> acknowledged)
    {
        ArgumentNullException.ThrowIfNull(acknowledged);
        lock (_lock)
        {
            var lines = new StringBuilder();
            foreach (var id in acknowledged.Where(_ids.Add))
            {
                lines.Append(id.Value.ToString("n")).Append('\n');
            }

            _file.Write(Encoding.ASCII.GetBytes(lines.ToString()));
        }
    }

    /// <inheritdoc/>
    public void OnAcknowledged(IReadOnlyList<TaskId> ids) => Append(ids);

    /// <summary>Returns the ids noted so far.</summary>
    public IReadOnlyList<TaskId> ToList()
    {
        lock (_lock)
        {
            return [.. _ids];
        }
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();
}
