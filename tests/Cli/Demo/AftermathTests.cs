using FaultTolerance.Cli.Demo;
using FaultTolerance.Cli.Live;
using FaultTolerance.Storage;
using FaultTolerance.Storage.InMemory;
using FaultTolerance.Testing.Processes;

namespace FaultTolerance.Cli.Tests.Demo;

public sealed class AftermathTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("demo-aftermath-");

    /// <summary>A process that keeps the promises of a silo as far as these tests need them.</summary>
    private static SiloProgram Shell => new() { Path = "/bin/sh", Arguments = _ => ["-c", """echo '{"event":"ready"}'; exec cat"""] };

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("Kill", false)]
    [InlineData("Pause", true)]
    public async Task A_silo_of_which_the_store_says_nothing_within_the_limit_is_told_in_the_result(string signal, bool isMissing)
    {
        var options = new DemoOptions { Folder = "", Signal = Enum.Parse<KillSignal>(signal) };
        var clock = new LeapingClock();
        await using var store = await DurableStoreFactory.OpenAsync(InMemoryStore.CreateEngine(TimeProvider.System));
        await using var silos = await LocalCluster.StartAsync(new LocalClusterOptions { Program = Shell, Folder = _folder.FullName, Silos = 1 });
        var aftermath = new Aftermath(store, options, new LiveBoard("", clock), clock);
        var strike = new Strike(silos.Process("silo-1"), new NodeIncarnation(1), TimeSpan.Zero, store.Now, Running: 1);

        var victim = await aftermath.DescribeAsync(await aftermath.FollowAsync(strike, CancellationToken.None), CancellationToken.None);

        Assert.Equal((null, null, isMissing), (victim.Detection, victim.Recovery, victim.IsMissing));
        Assert.Contains("nobody has recorded its death", victim.Complaint, StringComparison.Ordinal);
    }

    /// <summary>A clock by which any limit is over at the second look.</summary>
    private sealed class LeapingClock : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Interlocked.Add(ref _now, (long)TimeSpan.FromDays(1).TotalSeconds);
    }
}
