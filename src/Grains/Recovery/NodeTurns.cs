using System.Diagnostics;
using FaultTolerance.Grains.Nodes;

namespace FaultTolerance.Grains.Recovery;

/// <summary>The recovery of one dead node that is under way: what it is, and how far it has come. Lost, it begins again and finds done what is done.</summary>
internal sealed record NodeTurns(KnownNode Node, IncidentSnapshot Incident, OwnerWalk Walk, Activity? Trace) : IDisposable
{
    public void Dispose() => Trace?.Dispose();
}
