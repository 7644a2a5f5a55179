using FaultTolerance.Testing;
using FaultTolerance.Testing.Processes;

namespace FaultTolerance.Silo.Tests;

/// <summary>Three silos that are started together, with nothing there but an empty place for their data.</summary>
public sealed class TogetherTests : IDisposable
{
    private const int Silos = 3;

    private readonly HostUnderTest _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public Task Silos_that_start_together_in_an_empty_folder_all_join() => AssertAllJoinAsync();

    [Fact]
    public async Task Silos_that_start_together_on_an_empty_PostgreSQL_all_join()
    {
        await using var server = await PostgresServer.StartNewAsync();
        _host.Set("Store", $"postgres:{server.ConnectionString()}");

        await AssertAllJoinAsync();
    }

    private async Task AssertAllJoinAsync()
    {
        await using var cluster = await _host.StartAsync(Silos);

        var ready = cluster.Events.ToList().Where(told => told.Name == SiloEvent.Ready).ToList();
        Assert.Equal(["silo-1", "silo-2", "silo-3"], ready.Select(told => told.Text("node")).Order());
        Assert.Equal(Silos, ready.Select(told => told.Text("incarnation")).Distinct().Count());

        await cluster.StopAsync();

        Assert.All(cluster.Slots, slot => Assert.Equal(0, cluster.Process(slot.Name).Ended.Result));
        Assert.DoesNotContain(cluster.Events.ToList(), told => told.Name is "suspected" or "dead" or "lease-lost");
    }
}
