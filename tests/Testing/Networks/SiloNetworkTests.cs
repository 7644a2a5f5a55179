using System.Net;
using System.Net.Sockets;
using FaultTolerance.Testing.Networks;
using FaultTolerance.Testing.Processes;
using FaultTolerance.Testing.Tests.Processes;

namespace FaultTolerance.Testing.Tests.Networks;

public sealed class SiloNetworkTests : IDisposable
{
    private const int EndedByKill = 128 + 9;

    private static readonly TimeSpan LongWay = TimeSpan.FromMilliseconds(300);

    private readonly FakeCluster _fake = new();

    public void Dispose() => _fake.Dispose();

    [Fact]
    public async Task Two_networks_stand_side_by_side_and_nothing_of_them_is_left_at_the_end()
    {
        await using (var one = await SiloNetwork.StartAsync(2))
        await using (var other = await SiloNetwork.StartAsync(2))
        {
            Assert.Empty(one.Nodes.Select(node => node.Address).Intersect(other.Nodes.Select(node => node.Address)));
            Assert.NotEqual(one.HostAddress, other.HostAddress);
        }

        Assert.DoesNotContain(NetworkLayout.Present(), number => NetworkReservation.TryTake(number) is { } free && Free(free));

        static bool Free(NetworkReservation reservation)
        {
            reservation.Dispose();
            return true;
        }
    }

    [Fact]
    public async Task A_silo_on_a_network_is_a_child_of_this_process_that_can_be_frozen_and_killed()
    {
        await using var network = await SiloNetwork.StartAsync(1);
        await using var cluster = await _fake.StartAsync(new LocalClusterOptions
        {
            Program = new SiloProgram { Path = FakeCluster.Executable },
            Folder = _fake.Folder,
            Silos = 1,
            Network = network,
        });
        var process = cluster.Process("silo-1");

        Assert.NotEqual(NamespaceOf("self"), NamespaceOf($"{process.ProcessId}"));
        Assert.True(process.Pause());
        Assert.True(process.Resume());
        Assert.True(process.Kill());
        Assert.Equal(EndedByKill, await process.Ended.WaitAsync(FakeCluster.HangLimit));
    }

    [Fact]
    public async Task What_a_killed_process_has_left_behind_is_removed_by_the_next_network()
    {
        var killed = NetworkReservation.Take();
        var layout = new NetworkLayout(killed.Number);
        var left = layout.Nodes(3);
        await NetworkCommands.RunAsync(layout.Build(left));
        killed.Dispose(); // as the kernel does for it

        await using var next = await SiloNetwork.StartAsync(1);

        Assert.False(File.Exists(NetworkCommands.PathOf(left[^1].Namespace)));
        Assert.True(File.Exists(NetworkCommands.PathOf(next.Nodes[0].Namespace)));
    }

    [Fact]
    public async Task A_command_that_fails_says_why_and_names_the_remedy()
    {
        var error = await Assert.ThrowsAsync<NetworkUnavailableException>(() => NetworkCommands.RunAsync("ip link del there-is-none"));

        Assert.Contains("there-is-none", error.Message, StringComparison.Ordinal);
        Assert.Contains("apt-get install iproute2 nftables util-linux", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_long_way_hands_every_byte_on_in_both_directions()
    {
        using var target = new TcpListener(IPAddress.Loopback, 0);
        target.Start();
        await using var proxy = DelayingProxy.Start(IPAddress.Loopback, (IPEndPoint)target.LocalEndpoint, TimeSpan.FromMilliseconds(1), TimeProvider.System);
        using var near = new TcpClient();
        await near.ConnectAsync(proxy.Endpoint);
        using var far = await target.AcceptTcpClientAsync();
        var bytes = Enumerable.Range(0, 200_000).Select(i => (byte)(i * 7)).ToArray();

        await Task.WhenAll(near.GetStream().WriteAsync(bytes).AsTask(), EchoAsync(far));
        var echoed = new byte[bytes.Length];
        await near.GetStream().ReadExactlyAsync(echoed);

        Assert.Equal(bytes, echoed);

        async Task EchoAsync(TcpClient client)
        {
            var received = new byte[bytes.Length];
            await client.GetStream().ReadExactlyAsync(received);
            await client.GetStream().WriteAsync(received);
        }
    }

    [Fact]
    public async Task A_long_way_hands_a_byte_on_after_its_delay_and_not_before()
    {
        var clock = new ArmedClock();
        using var target = new TcpListener(IPAddress.Loopback, 0);
        target.Start();
        await using var proxy = DelayingProxy.Start(IPAddress.Loopback, (IPEndPoint)target.LocalEndpoint, LongWay, clock);
        using var near = new TcpClient();
        await near.ConnectAsync(proxy.Endpoint);
        using var far = await target.AcceptTcpClientAsync();

        await near.GetStream().WriteAsync(new byte[] { 42 });
        Assert.Equal(LongWay, await clock.ArmedAsync());
        clock.Advance(LongWay - TimeSpan.FromMilliseconds(1));
        Assert.Equal(0, proxy.BytesCarried);
        clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(42, far.GetStream().ReadByte());
    }

    private static string? NamespaceOf(string process) => new FileInfo($"/proc/{process}/ns/net").LinkTarget;
}
