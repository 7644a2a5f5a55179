namespace FaultTolerance.Testing.Networks;

/// <summary>What the network does to one node's packets. Nobody is told: a packet that is lost is not refused.</summary>
/// <param name="With">Whose packets are lost on the way to and from the node.</param>
/// <param name="Direction">Which of them.</param>
/// <param name="LossPercent">How many of a hundred, drawn for each packet; 100 cuts the way. Must be between 1 and 100.</param>
public sealed record NetworkFault(
    NetworkParty With = NetworkParty.Everybody, NetworkDirection Direction = NetworkDirection.Both, int LossPercent = 100);
