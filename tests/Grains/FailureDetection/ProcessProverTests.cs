using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using FaultTolerance.Grains.FailureDetection;
using FaultTolerance.Grains.Nodes;
using Microsoft.Extensions.Options;
using static FaultTolerance.Grains.Tests.Nodes.NodeFacts;

namespace FaultTolerance.Grains.Tests.FailureDetection;

public sealed class ProcessProverTests
{
    private readonly FakeWitnesses _witnesses = new();
    private readonly ProcessProver _prover;

    public ProcessProverTests() => _prover = new ProcessProver(new ProcessLook(ProcessIdentity.OfThisProcess(), Options.Create(new NodeDetectionOptions()), TimeProvider.System), _witnesses);

    [Fact]
    public async Task A_process_of_this_machine_is_looked_at_before_and_after_its_death()
    {
        using var process = Process.Start(new ProcessStartInfo("sleep", "1000"))!;
        var node = Info(1) with
        {
            Machine = ProcessIdentity.OfThisProcess().Machine,
            ProcessId = process.Id,
            ProcessStart = ProcessSighting.Of(process.Id)!.Start,
        };
        Assert.Equal(ProcessFate.Present, (await _prover.ProveAsync(node, mayConnect: true, CancellationToken.None)).Fate);

        process.Kill();
        await process.WaitForExitAsync();

        Assert.Equal(ProcessFate.Gone, (await _prover.ProveAsync(node, mayConnect: false, CancellationToken.None)).Fate);
        Assert.Empty(_witnesses.Asked);
    }

    [Fact]
    public async Task A_port_of_another_machine_is_connected_to_only_when_asked()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var endpoint = (IPEndPoint)listener.LocalEndpoint;
        var node = Info(1, "another machine") with { Address = SiloAddress.New(endpoint, 1) };
        Assert.Equal(ProcessFate.Listening, (await _prover.ProveAsync(node, mayConnect: true, CancellationToken.None)).Fate);

        listener.Stop();

        Assert.Equal(ProcessProof.None, await _prover.ProveAsync(node, mayConnect: false, CancellationToken.None));
        Assert.False((await _prover.ProveAsync(node, mayConnect: true, CancellationToken.None)).IsGone); // a firewall refuses, too
        Assert.Equal([node.Incarnation], _witnesses.Asked);

        _witnesses.Refused = "node-7";
        Assert.Equal(
            new ProcessProof(ProcessFate.Gone, $"{endpoint} refuses connections. Node node-7 finds the same: its process is gone."),
            await _prover.ProveAsync(node, mayConnect: true, CancellationToken.None));
    }

    [Theory]
    [InlineData(NodeProfile.Fast, 0.3)]
    [InlineData(NodeProfile.Balanced, 1)]
    [InlineData(NodeProfile.Cloud, 1)]
    public void A_connection_may_take_no_longer_than_a_verification_and_never_longer_than_a_second(NodeProfile profile, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), ProcessLook.ConnectTimeout(new NodeDetectionOptions { Profile = profile }));

    [Fact]
    public async Task A_process_that_can_open_no_socket_knows_nothing_of_others()
    {
        var answer = await ProcessLook.ConnectAsync(SiloAddress.New(new NoEndPoint(), 1), TimeSpan.FromSeconds(1), TimeProvider.System, CancellationToken.None);

        Assert.Equal(ConnectionAnswer.None, answer);
    }

    /// <summary>An address for which the kernel makes no socket, as it makes none when all descriptors are in use.</summary>
    private sealed class NoEndPoint() : IPEndPoint(IPAddress.Loopback, 1)
    {
        public override AddressFamily AddressFamily => AddressFamily.Unix;
    }

    private sealed class FakeWitnesses : IRefusalWitnesses
    {
        public string? Refused { get; set; }

        public List<NodeIncarnation> Asked { get; } = [];

        public Task<string?> FindAsync(NodeInfo node)
        {
            Asked.Add(node.Incarnation);
            return Task.FromResult(Refused);
        }
    }
}
