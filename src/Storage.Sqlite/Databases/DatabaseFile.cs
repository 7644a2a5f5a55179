namespace FaultTolerance.Storage.Sqlite.Databases;

/// <summary>One database file and what is to be in it.</summary>
/// <param name="Folder">The folder in which it lies.</param>
/// <param name="Name">Its name without an extension.</param>
/// <param name="Schema">Its tables.</param>
/// <param name="WriterCache">How much memory the writer may use for pages, in KiB.</param>
/// <param name="CheckpointBytes">The size of the write-ahead log at which it is copied into the database.</param>
/// <param name="HolderTimeout">How long to wait for the lock before its holder is looked at.</param>
internal sealed record DatabaseFile(
    string Folder, string Name, Schema Schema, int WriterCache, long CheckpointBytes, TimeSpan HolderTimeout)
{
    /// <summary>Gets the database's path.</summary>
    public string Path { get; } = System.IO.Path.Combine(Folder, Name + ".db");

    /// <summary>Gets the path of the file whose lock each writer holds.</summary>
    public string LockPath { get; } = System.IO.Path.Combine(Folder, Name + ".lock");

    /// <summary>Gets what returns the magic number of the file system on which a folder lies; the kernel, if nothing else is said.</summary>
    public Func<string, uint> FileSystemOf { get; init; } = FileSystems.MagicOf;
}
