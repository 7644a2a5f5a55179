using System.Text.Json;
using System.Text.Json.Serialization;

namespace FaultTolerance.Cli.Clusters;

/// <summary>The folder of a local cluster: what it consists of, what its supervisor notes, its data and its logs.</summary>
internal sealed class ClusterFolder(string path)
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web) { WriteIndented = true, Converters = { new JsonStringEnumConverter() } };

    /// <summary>Gets the folder that is meant when none is named.</summary>
    public static string Default => System.IO.Path.Join(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "faulttolerance", "local");

    public string Path { get; } = System.IO.Path.GetFullPath(path);

    public string Data => System.IO.Path.Join(Path, "data");

    /// <summary>Gets where runs note the audits that they have in the cluster's store.</summary>
    public string Audits => System.IO.Path.Join(Path, "audits");

    public string Logs => System.IO.Path.Join(Path, "logs");

    /// <summary>Gets how the folder is named to <c>ft</c> in advice: not at all where it is the default.</summary>
    public string Option => Path == Default ? "" : $" --folder {Path}";

    /// <summary>Gets a value indicating whether the folder of a running cluster has not been deleted.</summary>
    public bool IsThere => File.Exists(SpecFile);

    private string SpecFile => System.IO.Path.Join(Path, "cluster.json");

    private string StateFile => System.IO.Path.Join(Path, "state.json");

    /// <summary>Makes the folder and takes it for this process alone, as long as the result is not disposed of and this process lives.</summary>
    /// <exception cref="UsageException">A cluster runs in it, or the folder cannot be used.</exception>
    public FileStream Hold()
    {
        try
        {
            Directory.CreateDirectory(Path);
            Directory.CreateDirectory(Logs);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"The folder {Path} cannot be made: {exception.Message} Name another one with --folder.", exception);
        }

        try
        {
            return new FileStream(System.IO.Path.Join(Path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new UsageException($"The folder {Path} cannot be written to: {exception.Message} Name another one with --folder.", exception);
        }
        catch (IOException exception)
        {
            throw new UsageException(DescribeRunning(), exception);
        }
    }

    /// <summary>Returns what the cluster consists of; null when the folder holds none.</summary>
    /// <exception cref="UsageException">The folder or the file cannot be read.</exception>
    public ClusterSpec? ReadSpec() => Read<ClusterSpec>(SpecFile);

    public void WriteSpec(ClusterSpec spec) => Write(SpecFile, spec);

    /// <summary>Returns what the supervisor has noted last, put right where it has ended without a note; null when there never was one.</summary>
    /// <exception cref="UsageException">The folder or the file cannot be read.</exception>
    public ClusterState? ReadState() => Read<ClusterState>(StateFile) switch
    {
        { Phase: not ClusterPhase.Stopped } noted when !LocalProcess.IsLiving(noted.Supervisor) => noted with { Phase = ClusterPhase.Crashed },
        var noted => noted,
    };

    public void WriteState(ClusterState state) => Write(StateFile, state);

    /// <summary>Says that a cluster runs here, and how to stop it.</summary>
    public string DescribeRunning()
    {
        var supervisor = ReadState() is { Phase: not ClusterPhase.Crashed and not ClusterPhase.Stopped } state ? $" (process {state.Supervisor.ProcessId})" : "";
        return $"A cluster is running in {Path} already{supervisor}. Stop it with: ft cluster stop{Option}, or name another folder with --folder.";
    }

    private static T? Read<T>(string file)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(File.ReadAllBytes(file), Format);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (JsonException exception)
        {
            throw new UsageException($"{file} is damaged: {exception.Message} Delete it if no cluster runs in its folder.", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{file} cannot be read: {exception.Message} Name a folder of your own with --folder.", exception);
        }
    }

    /// <summary>Replaces a file as a whole, so that no reader sees half of it. Only its owner may read it: it may hold a password.</summary>
    private static void Write<T>(string file, T content)
    {
        var next = $"{file}.new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var stream = new FileStream(next, options))
        {
            JsonSerializer.Serialize(stream, content, Format);
        }

        File.Move(next, file, overwrite: true);
    }
}
