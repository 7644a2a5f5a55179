using FaultTolerance.Cli.Chaos;
using FaultTolerance.Cli.Clusters;
using FaultTolerance.Cli.Demo;
using FaultTolerance.Cli.Orders;
using FaultTolerance.Cli.Queries;

namespace FaultTolerance.Cli;

/// <summary>What the commands of <c>ft</c> do.</summary>
/// <param name="Demo">Runs a demo and returns the exit code.</param>
/// <param name="Chaos">Does faults to a cluster and returns the exit code.</param>
/// <param name="Cluster">Runs local clusters.</param>
/// <param name="Queries">Asks clusters.</param>
/// <param name="Orders">Gives orders to nodes.</param>
internal sealed record FtPrograms(
    Func<DemoOptions, CancellationToken, Task<int>> Demo,
    Func<ChaosOptions, CancellationToken, Task<int>> Chaos,
    IClusterProgram Cluster,
    IQueryProgram Queries,
    IOrderProgram Orders);
