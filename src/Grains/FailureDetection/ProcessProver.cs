namespace FaultTolerance.Grains.FailureDetection;

/// <inheritdoc/>
/// <remarks>
/// What the kernel shows of a process of this machine is proof. A refused connection is not: a firewall that rejects, or resets, looks the same from one
/// node. So a second node has to find the same, while the lease runs; where none does, the lease is waited for.
/// </remarks>
internal sealed class ProcessProver(ProcessLook look, IRefusalWitnesses witnesses) : IProcessProver
{
    public async Task<ProcessProof> ProveAsync(NodeInfo node, bool mayConnect, CancellationToken cancellationToken)
    {
        var seen = await look.LookAsync(node, mayConnect, cancellationToken);
        return seen.Fate == ProcessFate.Refused && await witnesses.FindAsync(node) is { } witness ? ProcessProof.OfSecondRefusal(seen, witness) : seen;
    }
}
