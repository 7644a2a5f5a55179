namespace FaultTolerance.Grains.Actors;

/// <summary>What a look at the actors may conclude.</summary>
internal enum ActorLook
{
    /// <summary>The node is well: who is silent for too long has failed.</summary>
    Judge,

    /// <summary>The node may not be alive for others. Nobody is judged; silence counts on, for a heartbeat needs nobody else.</summary>
    Hold,

    /// <summary>The node's own executor does not answer: the time since the last look counts for nobody.</summary>
    Excuse,
}
