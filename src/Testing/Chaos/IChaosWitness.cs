namespace FaultTolerance.Testing.Chaos;

/// <summary>Is told what happens in a run while it goes on.</summary>
internal interface IChaosWitness
{
    /// <summary>A fault has begun.</summary>
    void OnStruck(ChaosFault fault, IReadOnlyList<string> nodes);

    /// <summary>A node was declared dead although nothing that was done explains it.</summary>
    void OnFalseDeath(string node);

    /// <summary>A fault is over, and the cluster is whole again or has not become so.</summary>
    void OnEnded(ChaosRecord record);
}
