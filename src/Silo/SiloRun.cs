namespace FaultTolerance.Silo;

/// <summary>Runs the host.</summary>
internal static class SiloRun
{
    /// <summary>Runs a host until it is told to stop. If that comes while it starts, its node may have joined already, and leaves in order all the same.</summary>
    public static async Task RunAsync(IHost host)
    {
        await using var disposing = (IAsyncDisposable)host;
        var stopping = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        try
        {
            await host.StartAsync();
            await host.WaitForShutdownAsync();
        }
        catch (Exception) when (stopping.IsCancellationRequested)
        {
            await host.StopAsync();
        }
    }
}
