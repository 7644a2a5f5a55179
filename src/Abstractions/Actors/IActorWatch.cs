namespace FaultTolerance;

/// <summary>The watch over one life of an actor. Disposing of it ends the watch: an exit in order, which is no failure.</summary>
public interface IActorWatch : IDisposable
{
    /// <summary>Says that the actor is alive. It does no more than note the time, and may be called as often as one likes, from any thread.</summary>
    /// <remarks>After the actor was reported as hung it says that it is alive again. On a watch that has ended it does nothing.</remarks>
    void Beat();
}
