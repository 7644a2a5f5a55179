using System.Net.Sockets;
using FaultTolerance.Grains.Nodes;
using Microsoft.Extensions.Options;

namespace FaultTolerance.Grains.FailureDetection;

/// <summary>What this node alone sees of others: processes of this machine through the kernel, and those of others through their ports.</summary>
internal sealed class ProcessLook(ProcessIdentity self, IOptions<NodeDetectionOptions> options, TimeProvider timeProvider)
{
    private static readonly TimeSpan LongestConnect = TimeSpan.FromSeconds(1);

    /// <summary>Returns how long a connection may take. A host that refuses does so at once; this only bounds the wait for one that is silent.</summary>
    /// <remarks>And that wait holds up the end of its lease: with a slow profile it is shorter than a verification, which nothing waits for.</remarks>
    public static TimeSpan ConnectTimeout(NodeDetectionOptions options) =>
        new[] { options.VerificationTimeout, LongestConnect, options.LeaseLength / 4 }.Min();

    /// <summary>Looks, and connects where the process itself cannot be seen and <paramref name="mayConnect"/> says so.</summary>
    public async Task<ProcessProof> LookAsync(NodeInfo node, bool mayConnect, CancellationToken cancellationToken)
    {
        if (ProcessProof.SharesMachine(node, self))
        {
            return Look(node);
        }

        return mayConnect
            ? ProcessProof.OfConnection(node, await ConnectAsync(node.Address, ConnectTimeout(options.Value), timeProvider, cancellationToken))
            : ProcessProof.None;
    }

    /// <summary>Tries to connect to a silo's port, and says what came of it; nothing, where this process can open no socket.</summary>
    public static async Task<ConnectionAnswer> ConnectAsync(
        SiloAddress address, TimeSpan limit, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(limit, timeProvider);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            using var socket = new Socket(address.Endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(address.Endpoint, both.Token);
            return ConnectionAnswer.Accepted;
        }
        catch (SocketException exception)
        {
            return exception.SocketErrorCode == SocketError.ConnectionRefused ? ConnectionAnswer.Refused : ConnectionAnswer.None;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return ConnectionAnswer.None;
        }
    }

    private static ProcessProof Look(NodeInfo node)
    {
        try
        {
            return ProcessProof.OfProcess(node, ProcessSighting.Of(node.ProcessId));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new ProcessProof(ProcessFate.Unknown, $"Process {node.ProcessId} cannot be looked at: {exception.Message}");
        }
    }
}
