using FaultTolerance.Testing.Processes;

namespace FaultTolerance.Testing.Tests.Processes;

public sealed class LocalClusterTests : IDisposable
{
    private const int EndedByKill = 128 + 9;
    private const int EndedByTerminate = 128 + 15;

    private readonly FakeCluster _fake = new();

    public void Dispose() => _fake.Dispose();

    [Fact]
    public async Task A_started_cluster_has_every_silo_ready_on_ports_of_its_own()
    {
        await using var cluster = await _fake.StartAsync(Options() with { Silos = 3 });

        Assert.Equal(["silo-1", "silo-2", "silo-3"], cluster.Slots.Select(slot => slot.Name));
        Assert.Equal(6, cluster.Slots.SelectMany(slot => new[] { slot.SiloPort, slot.GatewayPort }).Distinct().Count());
        Assert.Equal(3, cluster.Events.ToList().Count(e => e.Name == SiloEvent.Ready));
    }

    [Fact]
    public async Task Two_clusters_share_no_port()
    {
        await using var one = await _fake.StartAsync(Options() with { Silos = 2 });
        await using var other = await _fake.StartAsync(Options() with { Silos = 2 });

        Assert.Empty(Ports(one).Intersect(Ports(other)));
    }

    [Fact]
    public async Task A_killed_silo_ends_by_the_signal()
    {
        await using var cluster = await _fake.StartAsync();

        Assert.True(cluster.Process("silo-1").Kill());

        Assert.Equal(EndedByKill, await EndAsync(cluster, "silo-1"));
        Assert.False(cluster.Process("silo-1").Kill());
    }

    [Fact]
    public async Task A_terminated_silo_ends_by_the_signal()
    {
        await using var cluster = await _fake.StartAsync();

        cluster.Process("silo-1").Terminate();

        Assert.Equal(EndedByTerminate, await EndAsync(cluster, "silo-1"));
    }

    [Fact]
    public async Task A_paused_silo_stands_still_until_it_is_resumed()
    {
        await using var cluster = await _fake.StartAsync();
        var process = cluster.Process("silo-1");

        Assert.True(process.Pause());
        Assert.True(process.IsPaused);
        Assert.Equal('T', StateOf(process));

        Assert.True(process.Resume());
        Assert.False(process.IsPaused);
        Assert.NotEqual('T', StateOf(process));
        Assert.Equal(0, await cluster.StopAsync("silo-1").WaitAsync(FakeCluster.HangLimit));
    }

    [Fact]
    public async Task A_paused_silo_can_be_killed()
    {
        await using var cluster = await _fake.StartAsync();
        cluster.Process("silo-1").Pause();

        cluster.Process("silo-1").Kill();

        Assert.Equal(EndedByKill, await EndAsync(cluster, "silo-1"));
        Assert.False(cluster.Process("silo-1").Pause());
    }

    [Fact]
    public async Task A_stopped_silo_leaves_in_order_because_its_input_ends()
    {
        await using var cluster = await _fake.StartAsync();

        var exitCode = await cluster.StopAsync("silo-1").WaitAsync(FakeCluster.HangLimit);

        Assert.Equal(0, exitCode);
        Assert.Contains("left in order", _fake.Log("silo-1"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_silo_that_does_not_leave_is_killed_when_its_grace_is_over()
    {
        await using var cluster = await _fake.StartAsync(Options("ignore") with { StopGrace = TimeSpan.FromMilliseconds(200) });

        Assert.Equal(EndedByKill, await cluster.StopAsync("silo-1").WaitAsync(FakeCluster.HangLimit));
    }

    [Fact]
    public async Task A_silo_starts_again_under_its_name_and_on_its_ports()
    {
        await using var cluster = await _fake.StartAsync();
        var (slot, first) = (cluster.Slots[0], cluster.Process("silo-1").ProcessId);
        cluster.Process("silo-1").Kill();
        await EndAsync(cluster, "silo-1");

        await cluster.StartAsync("silo-1").WaitAsync(FakeCluster.HangLimit);

        Assert.Equal(slot, cluster.Process("silo-1").Slot);
        Assert.NotEqual(first, cluster.Process("silo-1").ProcessId);
    }

    [Fact]
    public async Task A_silo_that_runs_cannot_be_started_twice()
    {
        await using var cluster = await _fake.StartAsync();

        await Assert.ThrowsAsync<InvalidOperationException>(() => cluster.StartAsync("silo-1"));
    }

    [Fact]
    public async Task A_supervised_silo_that_died_comes_back()
    {
        await using var cluster = await _fake.StartAsync(Options() with { RestartsDead = true, RestartDelay = TimeSpan.FromMilliseconds(10) });
        for (var i = 0; i < 3; i++)
        {
            var before = cluster.Events.Position;
            cluster.Process("silo-1").Kill();
            await NextAsync(cluster, SiloEvent.Ready, before);
        }

        Assert.Equal(0, await cluster.StopAsync("silo-1").WaitAsync(FakeCluster.HangLimit));
        Assert.Equal(4, cluster.Events.ToList().Count(e => e.Name == SiloEvent.ProcessStarted));
    }

    [Fact]
    public async Task A_signal_to_a_process_that_has_been_replaced_reaches_nobody()
    {
        await using var cluster = await _fake.StartAsync(Options() with { RestartsDead = true, RestartDelay = TimeSpan.FromMilliseconds(10) });
        var replaced = cluster.Process("silo-1");
        replaced.Pause();
        var before = cluster.Events.Position;

        replaced.Kill(); // as whoever waits for a lock that it holds would
        await NextAsync(cluster, SiloEvent.Ready, before);

        Assert.False(replaced.Resume());
        Assert.False(replaced.Pause());
        Assert.False(replaced.Terminate());
    }

    [Fact]
    public async Task A_silo_that_ends_before_it_is_ready_fails_the_start_with_its_log()
    {
        var failure = await Assert.ThrowsAsync<SiloEndedException>(() => _fake.StartAsync("fail", "the port is in use"));

        Assert.Equal(("silo-1", 7), (failure.Node, failure.ExitCode));
        Assert.Contains("the port is in use", failure.Message, StringComparison.Ordinal);
        Assert.Contains(failure.LogFile, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_does_not_exist_fails_the_start()
    {
        var options = new LocalClusterOptions { Folder = _fake.Folder, Silos = 1, Program = new SiloProgram { Path = "/no/such/silo" } };

        await Assert.ThrowsAsync<System.ComponentModel.Win32Exception>(() => _fake.StartAsync(options));
    }

    [Fact]
    public async Task Events_carry_their_fields_and_other_lines_go_to_the_log()
    {
        await using var told = await _fake.StartAsync("tell", """{"event":"claimed","task":"t1","attempt":2}""");
        var claimed = await NextAsync(told, "claimed", after: 0);

        Assert.Equal(("t1", 2L, null), (claimed.Text("task"), claimed.Number("attempt"), claimed.Text("absent")));

        await using var cut = await _fake.StartAsync("tell", """{"event":"cut o""");
        await cut.StopAsync("silo-1").WaitAsync(FakeCluster.HangLimit);

        Assert.Contains("""{"event":"cut o""", _fake.Log("silo-1"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_silo_gets_the_environment_that_is_asked_for()
    {
        var program = new SiloProgram
        {
            Path = FakeCluster.Executable,
            Arguments = _ => ["show", "FT_NODE"],
            Environment = slot => [new("FT_NODE", slot.Name)],
        };
        await using var cluster = await _fake.StartAsync(new LocalClusterOptions { Folder = _fake.Folder, Silos = 1, Program = program });

        Assert.Equal("silo-1", (await NextAsync(cluster, "shown", after: 0)).Text("value"));
    }

    private LocalClusterOptions Options(params string[] arguments) => new()
    {
        Program = new SiloProgram { Path = FakeCluster.Executable, Arguments = _ => arguments },
        Folder = _fake.Folder,
        Silos = 1,
    };

    private static IEnumerable<int> Ports(LocalCluster cluster) => cluster.Slots.SelectMany(slot => new[] { slot.SiloPort, slot.GatewayPort });

    private static Task<int> EndAsync(LocalCluster cluster, string silo) => cluster.Process(silo).Ended.WaitAsync(FakeCluster.HangLimit);

    private static Task<SiloEvent> NextAsync(LocalCluster cluster, string name, long after) =>
        cluster.Events.WaitForAsync(e => e.Name == name, after).WaitAsync(FakeCluster.HangLimit);

    private static char StateOf(SiloProcess process)
    {
        var status = File.ReadAllText($"/proc/{process.ProcessId}/stat");
        return status[status.LastIndexOf(')') + 2];
    }
}
