namespace FaultTolerance.Bench.Recoveries;

/// <summary>A cluster whose silos are struck one after another.</summary>
internal interface IStruckCluster : IAsyncDisposable
{
    /// <summary>Gets what the cluster is, for people.</summary>
    string Title { get; }

    /// <summary>Strikes a silo, waits until its death has had all of its consequences, and starts it again.</summary>
    /// <param name="number">Which strike it is, counted from 0: who is struck follows from it.</param>
    /// <param name="fault">What is done to it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<StrikeTimes> StrikeAsync(int number, Fault fault, CancellationToken cancellationToken);

    /// <summary>Returns the ends of the silos' logs, to be shown when something hangs.</summary>
    string LogTails();
}
