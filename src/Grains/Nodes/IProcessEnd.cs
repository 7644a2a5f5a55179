namespace FaultTolerance.Grains.Nodes;

/// <summary>Ends this process because the node's life is over: nothing that it does counts any more.</summary>
/// <remarks>Test clusters that run several silos in one process put their own in its place, and stop the one silo.</remarks>
internal interface IProcessEnd
{
    /// <summary>Ends the process within two seconds. Returns at once, and may be called again.</summary>
    void End(string reason);
}
