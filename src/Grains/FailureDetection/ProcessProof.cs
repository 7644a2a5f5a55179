using System.Net;
using FaultTolerance.Grains.Nodes;

namespace FaultTolerance.Grains.FailureDetection;

/// <summary>What is known of a node's process, and on what grounds. Decided here, from what others have seen.</summary>
/// <param name="Fate">What is known.</param>
/// <param name="Evidence">Why, in a sentence.</param>
internal readonly record struct ProcessProof(ProcessFate Fate, string Evidence)
{
    public static ProcessProof None { get; } = new(ProcessFate.Unknown, "Nothing is known of its process.");

    public bool IsGone => Fate == ProcessFate.Gone;

    /// <summary>Whether a node's process ids are those that this process sees.</summary>
    public static bool SharesMachine(NodeInfo node, ProcessIdentity self) => self.Machine.Length > 0 && node.Machine == self.Machine;

    /// <summary>Judges by what the kernel shows under the process id of a node on this machine.</summary>
    /// <param name="node">The node.</param>
    /// <param name="seen">The process with that id; null when there is none.</param>
    public static ProcessProof OfProcess(NodeInfo node, ProcessSighting? seen) => seen switch
    {
        null => new(ProcessFate.Gone, $"Process {node.ProcessId} is gone."),
        { IsEnded: true } when seen.Start == node.ProcessStart => new(ProcessFate.Gone, $"Process {node.ProcessId} has ended."),
        _ when seen.Start != node.ProcessStart => new(ProcessFate.Gone, $"Process {node.ProcessId} is gone; its id belongs to another."),
        _ => new(ProcessFate.Present, $"Process {node.ProcessId} exists."),
    };

    /// <summary>Judges by what came of connecting to the node's port.</summary>
    public static ProcessProof OfConnection(NodeInfo node, ConnectionAnswer answer) => answer switch
    {
        ConnectionAnswer.Refused => new(ProcessFate.Refused, $"{node.Address.Endpoint} refuses connections."),
        ConnectionAnswer.Accepted => new(ProcessFate.Listening, $"{node.Address.Endpoint} accepts connections."),
        _ => new(ProcessFate.Unknown, $"{node.Address.Endpoint} does not answer."),
    };

    /// <summary>Judges by what a second node has seen, where the first was refused: a firewall may stand between one of them and the node.</summary>
    /// <param name="refused">What the first has seen.</param>
    /// <param name="witness">The second one.</param>
    public static ProcessProof OfSecondRefusal(ProcessProof refused, string witness) =>
        new(ProcessFate.Gone, $"{refused.Evidence} Node {witness} finds the same: its process is gone.");

    /// <summary>Judges by a newer life that listens on the same port: two processes cannot.</summary>
    /// <returns>A proof only where the two ports are surely one: a loopback address means another port on each machine.</returns>
    public static ProcessProof OfSuccessor(NodeInfo node, NodeInfo newer)
    {
        var isSamePort = newer.Address.IsSuccessorOf(node.Address)
            && (!IPAddress.IsLoopback(node.Address.Endpoint.Address) || (node.Machine.Length > 0 && node.Machine == newer.Machine));
        return isSamePort
            ? new(ProcessFate.Gone, $"Life {newer.Incarnation} of node {newer.Name} has taken its port {node.Address.Endpoint}.")
            : None;
    }
}
