namespace FileManifest;

/// <summary>How a manifest is computed. None of it changes the manifest.</summary>
public sealed record ManifestOptions
{
    /// <summary>Gets the most bytes that one shard of a tally may take.</summary>
    /// <value>The default is 3.5 MiB: below the cluster's limit for one result (4 MiB), which counts the envelope too.</value>
    public int PartLimit { get; init; } = 7 << 19;

    /// <summary>Gets how many results one task of the tree takes.</summary>
    /// <value>The default is 16.</value>
    public int FanIn { get; init; } = 16;

    /// <summary>Gets how many entries stand on one page.</summary>
    /// <value>The default is 128: some 20 KB, however long the paths are never more than a result may hold.</value>
    public int PageLength { get; init; } = 128;

    /// <summary>Gets how many bytes of files are guessed to fill one shard. A wrong guess costs time, never the result.</summary>
    /// <value>The default is 128 MiB.</value>
    public long BytesPerShard { get; init; } = 128L << 20;

    /// <summary>Gets how long one attempt of a task may take.</summary>
    /// <value>The default is 30 minutes: enough for the largest of files on the slowest of disks.</value>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromMinutes(30);
}
