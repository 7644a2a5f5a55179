namespace FaultTolerance.Grains.Actors;

/// <summary>How the failure of an actor came to its end.</summary>
internal enum ActorRevival
{
    /// <summary>It beat again: it had hung.</summary>
    Beat,

    /// <summary>It is watched anew, in another life.</summary>
    NewLife,

    /// <summary>It is no longer watched: it was ended in order.</summary>
    Ended,
}
