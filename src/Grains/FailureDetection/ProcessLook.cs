using System.Net.Sockets;
using FaultTolerance.Grains.Nodes;

namespace FaultTolerance.Grains.FailureDetection;

/// <summary>What this node alone sees of others: processes of this machine through the kernel, and those of others through their ports.</summary>
internal sealed class ProcessLook(ProcessIdentity self, TimeProvider timeProvider)
{
    /// <summary>A host that refuses does so at once; this only bounds the wait for one that is silent.</summary>
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(1);

    /// <summary>Looks, and connects where the process itself cannot be seen and <paramref name="mayConnect"/> says so.</summary>
    public async Task<ProcessProof> LookAsync(NodeInfo node, bool mayConnect, CancellationToken cancellationToken)
    {
        if (ProcessProof.SharesMachine(node, self))
        {
            return Look(node);
        }

        return mayConnect
            ? ProcessProof.OfConnection(node, await ConnectAsync(node.Address, ConnectTimeout, timeProvider, cancellationToken))
            : ProcessProof.None;
    }

    /// <summary>Tries to connect to a silo's port, and says what came of it.</summary>
    public static async Task<ConnectionAnswer> ConnectAsync(
        SiloAddress address, TimeSpan limit, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(limit, timeProvider);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        using var socket = new Socket(address.Endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
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
