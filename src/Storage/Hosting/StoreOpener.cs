using Microsoft.Extensions.Hosting;

namespace FaultTolerance.Storage.Hosting;

/// <summary>Opens the store as the host starts.</summary>
/// <remarks>
/// In <see cref="StartingAsync"/>, which the host calls on all services before it starts any: migrations are done before
/// Orleans joins the cluster, in whatever order the services were added. The store is closed when the host disposes of it.
/// </remarks>
internal sealed class StoreOpener(DurableStore store) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => store.OpenAsync(cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
