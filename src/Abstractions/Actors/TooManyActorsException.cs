namespace FaultTolerance;

/// <summary>A silo watches as many actors as it may.</summary>
[GenerateSerializer, Alias("ft.TooManyActorsException")]
public sealed class TooManyActorsException : FaultToleranceException
{
    /// <summary>Creates the exception with the actor that is not watched, and the limit.</summary>
    public TooManyActorsException(string type, string key, int limit)
        : base(
            $"Actor {type}/{key} is not watched: this silo watches {limit} actors, which is its limit. " +
            "Raise FaultTolerance:Actors:MaxWatched, add silos, or dispose of the watches of actors that are deactivated.")
    {
        Limit = limit;
        IsRetryable = true;
    }

    /// <summary>Gets how many actors the silo may watch.</summary>
    [Id(0)] public int Limit { get; }
}
