using FaultTolerance.Cli.Connections;

namespace FaultTolerance.Cli.Queries;

/// <inheritdoc cref="IQueryProgram"/>
internal sealed class QueryProgram(Terminal terminal) : IQueryProgram
{
    /// <summary>How many pages are read for one list: with 2,000 tasks looked at for each, 100,000.</summary>
    private const int MaxPages = 50;

    public Task<int> ListAsync(ClusterTarget target, TaskFilter filter, bool json, CancellationToken cancellationToken) =>
        WithAsync(target, async cluster =>
        {
            var tasks = new List<TaskSummary>();
            var next = filter.After;
            for (var page = 0; page < MaxPages && tasks.Count < filter.Limit && (page == 0 || next is not null); page++)
            {
                var asked = filter with { After = next, Limit = filter.Limit - tasks.Count };
                var answer = await cluster.AskAsync(grains => grains.GetGrain<IClusterQueryGrain>(0).ListTasksAsync(asked), cancellationToken);
                tasks.AddRange(answer.Tasks);
                next = answer.Next;
            }

            var view = new TaskListView([.. tasks.Select(TaskItem.Of)], next?.ToString());
            await terminal.ShowAsync(json, view, () => TaskDrawing.Draw(view, terminal.Now));
            return ExitCodes.Right;
        }, cancellationToken);

    public Task<int> ShowAsync(ClusterTarget target, TaskId id, bool json, CancellationToken cancellationToken) =>
        WithAsync(target, async cluster =>
        {
            var history = await cluster.CallAsync(client => client.GetHistoryAsync(id, cancellationToken)) ?? throw Unknown(id);
            var view = TaskView.Of(history);
            await terminal.ShowAsync(json, view, () => TaskDrawing.Draw(view));
            return ExitCodes.Right;
        }, cancellationToken);

    public Task<int> CancelAsync(ClusterTarget target, IReadOnlyList<TaskId> ids, string? reason, bool json, CancellationToken cancellationToken) =>
        WithAsync(target, async cluster =>
        {
            var items = new List<CancelItem>();
            foreach (var id in ids)
            {
                items.Add(CancelItem.Of(id, await cluster.CallAsync(client => client.CancelAsync(id, reason, cancellationToken))));
            }

            var view = new CancelView(items);
            await terminal.ShowAsync(json, view, () => TaskDrawing.Draw(view));
            return view.ExitCode();
        }, cancellationToken);

    public Task<int> TraceAsync(ClusterTarget target, TaskId id, LineageLimits limits, bool json, CancellationToken cancellationToken) =>
        WithAsync(target, async cluster =>
        {
            var walk = new LineageWalk(task => cluster.CallAsync(client => client.GetLineageAsync(task, cancellationToken)), limits);
            var view = await walk.RunAsync(id) ?? throw Unknown(id);
            await terminal.ShowAsync(json, view, () => LineageDrawing.Draw(view));
            return ExitCodes.Right;
        }, cancellationToken);

    public Task<int> ShowNodesAsync(ClusterTarget target, bool all, int incidents, bool json, CancellationToken cancellationToken) =>
        WithAsync(target, async cluster =>
        {
            var nodes = await cluster.AskAsync(grains => grains.GetGrain<IFailureDetectorGrain>(0).GetNodesAsync(), cancellationToken);
            var newest = incidents == 0
                ? []
                : await cluster.AskAsync(grains => grains.GetGrain<IClusterQueryGrain>(0).ListIncidentsAsync(incidents), cancellationToken);
            var view = NodesView.Of(nodes, newest, all);
            await terminal.ShowAsync(json, view, () => NodeDrawing.Draw(view));
            return view.Nodes.Where(node => node.EndedAt is null).All(node => node.Phase == NodePhase.Alive) ? ExitCodes.Right : ExitCodes.Wrong;
        }, cancellationToken);

    public Task<int> ListIncidentsAsync(ClusterTarget target, IncidentQuery query, bool json, CancellationToken cancellationToken) =>
        WithAsync(target, async cluster =>
        {
            var read = query.Entity is null ? query.Limit : IClusterQueryGrain.MaxIncidents;
            var newest = await cluster.AskAsync(grains => grains.GetGrain<IClusterQueryGrain>(0).ListIncidentsAsync(read), cancellationToken);
            var view = IncidentListView.Of(newest, query);
            await terminal.ShowAsync(json, view, () => IncidentDrawing.Draw(view));
            return ExitCodes.Right;
        }, cancellationToken);

    public Task<int> ShowIncidentAsync(ClusterTarget target, string key, bool json, CancellationToken cancellationToken) =>
        WithAsync(target, async cluster =>
        {
            var incident = await cluster.AskAsync(grains => grains.GetGrain<IClusterQueryGrain>(0).FindIncidentAsync(key), cancellationToken)
                ?? throw new CommandException(ExitCodes.NotFound, $"No incident {key} is recorded, or its retention is over. ft incidents lists those that are.");
            var view = IncidentView.Of(incident);
            await terminal.ShowAsync(json, view, () => IncidentDrawing.Draw(view));
            return ExitCodes.Right;
        }, cancellationToken);

    public Task<int> FollowIncidentsAsync(ClusterTarget target, FailedEntity? entity, string? after, bool json, CancellationToken cancellationToken) =>
        WithAsync(target, async cluster =>
        {
            await foreach (var notice in cluster.FollowAsync(after is null ? null : new FailurePosition(after), cancellationToken))
            {
                if (entity is null || notice.Incident.Entity == entity)
                {
                    var view = IncidentView.Of(notice.Incident);
                    await terminal.ShowLineAsync(json, new FollowedIncident(notice.Position.Token, view), () => IncidentDrawing.Draw(new IncidentListView([view])));
                }
            }

            return ExitCodes.Right;
        }, cancellationToken);

    private async Task<int> WithAsync(ClusterTarget target, Func<ClusterConnection, Task<int>> work, CancellationToken cancellationToken)
    {
        await using var cluster = await ClusterConnection.OpenAsync(target, terminal.TimeProvider, cancellationToken);
        return await work(cluster);
    }

    private static CommandException Unknown(TaskId id) =>
        new(ExitCodes.NotFound, $"Task {id} is not known: it was never accepted, or it ended so long ago that its retention is over.");
}
