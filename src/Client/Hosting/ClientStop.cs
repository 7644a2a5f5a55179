using Microsoft.Extensions.Hosting;

namespace FaultTolerance.Hosting;

/// <summary>Stops the client of an application outside the cluster before Orleans stops, so that it does not go on calling a cluster that it has left.</summary>
internal sealed class ClientStop(ClientCore core) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken) => await core.DisposeAsync().AsTask().WaitAsync(cancellationToken);
}
