using System.Diagnostics;
using FaultTolerance.Cli.Chaos;
using FaultTolerance.Cli.Clusters;
using FaultTolerance.Grains.Nodes;
using FaultTolerance.Testing.Tests.Chaos;

namespace FaultTolerance.Cli.Tests.Chaos;

/// <summary>That what is done to a silo of a running cluster, and asked of it, concerns that silo's process and no other.</summary>
public sealed class FolderSiteTests : IDisposable
{
    private readonly ClusterFolder _folder = new(Directory.CreateTempSubdirectory("ft-site-").FullName);
    private readonly Process[] _silos = [.. Enumerable.Range(0, 2).Select(_ => Process.Start("/bin/sleep", "600"))];
    private readonly FolderSite _site;
    private int _holder;

    public FolderSiteTests()
    {
        _folder.WriteState(new ClusterState
        {
            Phase = ClusterPhase.Running,
            Supervisor = ProcessIdentity.OfThisProcess(),
            StartedAt = DateTimeOffset.UnixEpoch,
            Silos = [.. _silos.Select((silo, i) => new SiloState { Name = $"silo-{i + 1}", Process = LocalProcess.Find(silo.Id) })],
        });
        _site = new FolderSite(_folder, new FakeStore(new FakeTime()), new ClusterOrders(null!, TimeProvider.System), process => process == _holder);
    }

    public void Dispose()
    {
        foreach (var silo in _silos)
        {
            silo.Kill();
            silo.WaitForExit();
            silo.Dispose();
        }

        Directory.Delete(_folder.Path, recursive: true);
    }

    [Fact]
    public void A_lock_that_one_paused_silo_holds_is_no_other_paused_silos()
    {
        Assert.True(_site.Pause("silo-1"));
        Assert.True(_site.Pause("silo-2"));

        _holder = _silos[1].Id;

        Assert.Equal((false, true), (_site.HoldsLock("silo-1"), _site.HoldsLock("silo-2")));
    }

    [Fact]
    public void A_silo_that_is_resumed_leaves_another_one_paused()
    {
        Assert.True(_site.Pause("silo-1"));
        Assert.True(_site.Pause("silo-2"));

        Assert.True(_site.Resume("silo-1"));

        Assert.Equal([false, true], _site.See().Select(silo => silo.IsPaused));
        Assert.False(_site.Resume("silo-1"));
        Assert.True(_site.Resume("silo-2"));
    }
}
