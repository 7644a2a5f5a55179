namespace FaultTolerance.Cli.Clusters;

/// <summary>What <c>ft cluster</c> does. Each method returns the exit code.</summary>
internal interface IClusterProgram
{
    /// <summary>Starts a cluster, and returns when all silos have joined; in the foreground, when it was stopped.</summary>
    Task<int> StartAsync(ClusterStartOptions options, CancellationToken cancellationToken);

    /// <summary>Runs a cluster on behalf of a start that returns before.</summary>
    Task<int> SuperviseAsync(ClusterStartOptions options, CancellationToken cancellationToken);

    /// <summary>Lets a cluster leave in order. Nothing is wrong where none runs.</summary>
    Task<int> StopAsync(string folder, bool json, CancellationToken cancellationToken);

    /// <summary>Shows a cluster.</summary>
    Task<int> ShowAsync(string folder, TimeSpan timeout, bool json, CancellationToken cancellationToken);
}
