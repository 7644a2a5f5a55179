namespace FaultTolerance.Grains.Actors;

/// <summary>What the detector found out about an actor.</summary>
/// <param name="Actor">Which actor.</param>
/// <param name="Life">Which of its lives on this node; no two actors share a number.</param>
/// <param name="Failure">The how-manieth failure it is, as long as the actor is watched without a gap.</param>
internal abstract record ActorFinding(ActorName Actor, long Life, int Failure);

/// <summary>An actor has been silent for too long.</summary>
/// <param name="Actor">Which actor.</param>
/// <param name="Life">Which of its lives.</param>
/// <param name="Failure">Which of its failures.</param>
/// <param name="LastHeartbeat">When it last beat.</param>
/// <param name="Elapsed">From its last heartbeat to now.</param>
/// <param name="Excused">How much of that is not held against it, because the node itself stood still or did not answer.</param>
/// <param name="Limit">How long it may be silent.</param>
/// <param name="Interval">How often it was to beat.</param>
internal sealed record ActorFailed(
    ActorName Actor, long Life, int Failure, TimeSpan LastHeartbeat, TimeSpan Elapsed, TimeSpan Excused, TimeSpan Limit, TimeSpan Interval)
    : ActorFinding(Actor, Life, Failure);

/// <summary>An actor that was reported does not hang any more.</summary>
/// <param name="Actor">Which actor.</param>
/// <param name="Life">Which of its lives.</param>
/// <param name="Failure">Which of its failures.</param>
/// <param name="SilentFor">From its last heartbeat before the report to its end.</param>
/// <param name="How">How it came to its end.</param>
internal sealed record ActorAliveAgain(ActorName Actor, long Life, int Failure, TimeSpan SilentFor, ActorRevival How) : ActorFinding(Actor, Life, Failure);
