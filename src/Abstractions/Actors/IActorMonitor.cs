namespace FaultTolerance;

/// <summary>Watches the actors on this silo. A service of every silo with fault tolerance; a grain asks for it in its constructor.</summary>
/// <remarks>
/// An actor that is silent for longer than its limit, while its node is alive, is recorded as an incident of kind <see cref="FailureKind.Hung"/>,
/// once for each time it falls silent. An actor whose node dies is no incident of its own: the node is. Nothing is done to a hung actor yet.
/// </remarks>
public interface IActorMonitor
{
    /// <summary>Watches an actor on this silo from now on, as if it had beaten now.</summary>
    /// <remarks>
    /// Call it when the actor is activated, beat from a timer of the actor's own, and dispose of the watch when it is deactivated. A second watch of
    /// the same actor on this silo takes the place of the first, which then does nothing any more: the actor has begun a new life.
    /// </remarks>
    /// <param name="type">What kind of actor it is, for instance <c>account</c>: 1 to 200 characters.</param>
    /// <param name="key">Which one of them: 1 to 500 characters.</param>
    /// <param name="heartbeatInterval">
    /// How often it beats: from <c>ActorDetectionOptions.CheckInterval</c> to 1 hour. Null for <c>ActorDetectionOptions.HeartbeatInterval</c>.
    /// </param>
    /// <exception cref="ArgumentException">A name is empty or too long, or the interval is out of its bounds.</exception>
    /// <exception cref="TooManyActorsException">This silo watches as many as it may. It can watch another when one is no longer watched.</exception>
    IActorWatch Watch(string type, string key, TimeSpan? heartbeatInterval = null);
}
