using System.Net;
using FaultTolerance.Storage.Engines;

namespace FaultTolerance.Cli.Chaos;

/// <summary>Asks a cluster something while faults are done to it: again and again, until it answers.</summary>
internal sealed class ClusterOrders(IClusterClient client, TimeProvider timeProvider)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Orders a drain.</summary>
    public Task DrainAsync(NodeIncarnation life, TimeSpan within, CancellationToken cancellationToken) => AskAsync(
        () => client.GetGrain<INodeGrain>(life.Value).DrainAsync(new NodeDrain { Within = within, Reason = "ft chaos" }), cancellationToken);

    /// <summary>Returns the nodes as the failure detector sees them.</summary>
    public Task<IReadOnlyList<NodeSnapshot>> ListNodesAsync(CancellationToken cancellationToken) =>
        AskAsync(() => client.GetGrain<IFailureDetectorGrain>(0).GetNodesAsync(), cancellationToken);

    /// <summary>Returns where the failure detector is; it is called first, so that it is somewhere.</summary>
    public Task<IPEndPoint> FindDetectorAsync(CancellationToken cancellationToken) => AskAsync(
        async () =>
        {
            var detector = client.GetGrain<IFailureDetectorGrain>(0);
            await detector.GetNodesAsync();
            var address = await client.GetGrain<IManagementGrain>(0).GetActivationAddress(detector);
            return address?.Endpoint ?? throw new TimeoutException("The failure detector is nowhere.");
        },
        cancellationToken);

    private async Task<T> AskAsync<T>(Func<Task<T>> question, CancellationToken cancellationToken)
    {
        var start = timeProvider.GetTimestamp();
        while (true)
        {
            try
            {
                return await question().WaitAsync(CallTimeout, timeProvider, cancellationToken);
            }
            catch (Exception exception) when (exception is TimeoutException or OrleansException or StoreException && timeProvider.GetElapsedTime(start) < Limit)
            {
                await Task.Delay(Pause, timeProvider, cancellationToken);
            }
        }
    }
}
