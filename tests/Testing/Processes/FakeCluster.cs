using FaultTolerance.Testing.Processes;

namespace FaultTolerance.Testing.Tests.Processes;

/// <summary>A folder, and clusters of fake silos in it.</summary>
internal sealed class FakeCluster : IDisposable
{
    /// <summary>How long anything may take before a test is taken for hung.</summary>
    public static readonly TimeSpan HangLimit = TimeSpan.FromMinutes(2);

    public static string Executable { get; } = Path.Join(AppContext.BaseDirectory, "silo", "FaultTolerance.Orleans.FakeSilo");

    public string Folder { get; } = Directory.CreateTempSubdirectory("local-cluster-").FullName;

    public Task<LocalCluster> StartAsync(params string[] arguments) => StartAsync(new LocalClusterOptions
    {
        Program = new SiloProgram { Path = Executable, Arguments = _ => arguments },
        Folder = Folder,
        Silos = 1,
    });

    public Task<LocalCluster> StartAsync(LocalClusterOptions options) =>
        LocalCluster.StartAsync(options with { Folder = Folder, Chance = Environment.ProcessId }).WaitAsync(HangLimit);

    public string Log(string silo) => File.ReadAllText(Path.Join(Folder, "logs", $"{silo}.log"));

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
