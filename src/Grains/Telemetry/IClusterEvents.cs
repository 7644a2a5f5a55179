namespace FaultTolerance.Grains.Telemetry;

/// <summary>Hears, typed and in time, what changes in the cluster, as far as this silo did it or found it out. Called after the write.</summary>
/// <remarks>Implementations must not throw and not wait. What is not overridden does nothing.</remarks>
internal interface IClusterEvents
{
    /// <summary>This node has joined and takes work.</summary>
    void OnNodeJoined(NodeInfo node)
    {
    }

    /// <summary>This node has lost its lease: it runs nothing until it has it back.</summary>
    void OnLeaseLost(NodeInfo node)
    {
    }

    /// <summary>This node has its lease back after it had lost it.</summary>
    void OnLeaseRegained(NodeInfo node)
    {
    }

    /// <summary>This node is kept from work.</summary>
    void OnNodeQuarantined(NodeInfo node, NodeOrder order)
    {
    }

    /// <summary>This node is let back to work, slowly.</summary>
    void OnNodeReleased(NodeInfo node)
    {
    }

    /// <summary>This node takes no new work and finishes what it runs.</summary>
    void OnDrainStarted(NodeInfo node)
    {
    }

    /// <summary>This node has left in order.</summary>
    void OnNodeLeft(NodeInfo node)
    {
    }

    /// <summary>The detector, which is on this silo, has not heard of a node for longer than usual.</summary>
    void OnNodeSuspected(NodeInfo node, string reason)
    {
    }

    /// <summary>The detector, which is on this silo, has had an answer from a node that it suspected.</summary>
    void OnNodeAliveAgain(NodeInfo node)
    {
    }

    /// <summary>This silo has recorded a node's death.</summary>
    void OnNodeDead(IncidentSnapshot incident)
    {
    }

    /// <summary>This silo has begun to recover the work of a dead node.</summary>
    void OnRecoveryStarted(IncidentSnapshot incident)
    {
    }

    /// <summary>This silo has found that the work of a dead node is not recovered in time, and that nobody has recorded to have told it.</summary>
    void OnRecoveryOverdue(IncidentSnapshot incident)
    {
    }

    /// <summary>An attempt on this node ran past a limit in time. Only some of them become incidents, as their rate allows.</summary>
    void OnAttemptOverdue(IncidentSnapshot incident)
    {
    }

    /// <summary>This silo has recorded a failure of something that is no node.</summary>
    void OnIncident(IncidentSnapshot incident)
    {
    }

    /// <summary>An actor on this silo, whose failure is recorded, has beaten again.</summary>
    void OnActorAliveAgain(IncidentSnapshot incident)
    {
    }

    /// <summary>This silo has finished recovering the work of a dead node.</summary>
    void OnRecoveryCompleted(IncidentSnapshot incident)
    {
    }
}
