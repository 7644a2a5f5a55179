using FaultTolerance.Cli.Chaos;
using FaultTolerance.Cli.Clusters;
using FaultTolerance.Cli.Connections;
using FaultTolerance.Cli.Demo;
using FaultTolerance.Cli.Orders;
using FaultTolerance.Cli.Queries;

namespace FaultTolerance.Cli.Tests;

/// <summary>Stands in for what the commands do, and notes what they were asked for.</summary>
internal sealed class RecordedPrograms : IClusterProgram, IQueryProgram, IOrderProgram
{
    public List<object?[]> Calls { get; } = [];

    public FtPrograms ToPrograms(Func<DemoOptions, CancellationToken, Task<int>>? demo = null) =>
        new(demo ?? ((_, _) => Note("demo")), (options, _) => Note("chaos", options), this, this, this);

    public Task<int> StartAsync(ClusterStartOptions options, CancellationToken cancellationToken) => Note("start", options);

    public Task<int> SuperviseAsync(ClusterStartOptions options, CancellationToken cancellationToken) => Note("supervise", options);

    public Task<int> StopAsync(string folder, bool json, CancellationToken cancellationToken) => Note("stop", folder, json);

    public Task<int> ShowAsync(string folder, TimeSpan timeout, bool json, CancellationToken cancellationToken) => Note("status", folder, timeout, json);

    public Task<int> ListAsync(ClusterTarget target, TaskFilter filter, bool json, CancellationToken cancellationToken) => Note("list", target, filter, json);

    public Task<int> ShowAsync(ClusterTarget target, TaskId id, bool json, CancellationToken cancellationToken) => Note("show", target, id, json);

    public Task<int> CancelAsync(ClusterTarget target, IReadOnlyList<TaskId> ids, string? reason, bool json, CancellationToken cancellationToken) =>
        Note("cancel", target, ids, reason, json);

    public Task<int> TraceAsync(ClusterTarget target, TaskId id, LineageLimits limits, bool json, CancellationToken cancellationToken) =>
        Note("lineage", target, id, limits, json);

    public Task<int> ShowNodesAsync(ClusterTarget target, bool all, int incidents, bool json, CancellationToken cancellationToken) =>
        Note("nodes", target, all, incidents, json);

    public Task<int> GiveAsync(ClusterTarget target, OrderRequest request, bool json, CancellationToken cancellationToken) => Note("order", target, request, json);

    public Task<int> ListIncidentsAsync(ClusterTarget target, IncidentQuery query, bool json, CancellationToken cancellationToken) =>
        Note("incidents", target, query, json);

    public Task<int> ShowIncidentAsync(ClusterTarget target, string key, bool json, CancellationToken cancellationToken) =>
        Note("incident", target, key, json);

    public Task<int> FollowIncidentsAsync(ClusterTarget target, FailedEntity? entity, string? after, bool json, CancellationToken cancellationToken) =>
        Note("follow", target, entity, after, json);

    private Task<int> Note(params object?[] call)
    {
        Calls.Add(call);
        return Task.FromResult(ExitCodes.Right);
    }
}
