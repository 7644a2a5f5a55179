namespace FaultTolerance.Silo;

/// <summary>Runs the host.</summary>
internal static class SiloRun
{
    /// <summary>Runs a host until it is told to stop. If that comes while it starts, or the start fails, its node may have joined already, and leaves in order all the same.</summary>
    public static async Task RunAsync(IHost host)
    {
        await using var disposing = (IAsyncDisposable)host;
        var stopping = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        try
        {
            await host.StartAsync();
            await host.WaitForShutdownAsync();
        }
        catch (Exception)
        {
            var isTold = stopping.IsCancellationRequested;

            // Orleans refuses to stop a silo that is not active yet. The host goes on with the others, and the node leaves as it is disposed of.
            await host.StopAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!isTold)
            {
                throw;
            }
        }
    }
}
