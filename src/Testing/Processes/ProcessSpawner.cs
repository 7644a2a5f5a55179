using System.Collections.Concurrent;
using System.Diagnostics;

namespace FaultTolerance.Testing.Processes;

/// <summary>Starts processes from one thread that lives as long as this process does.</summary>
/// <remarks>
/// A silo asks the kernel to be killed when its parent ends (<c>PR_SET_PDEATHSIG</c>), and the kernel takes for the parent
/// the very thread that forked: started from the thread pool, a silo would be killed whenever the pool retires that thread.
/// </remarks>
internal static class ProcessSpawner
{
    private static readonly Lazy<BlockingCollection<Action>> Requests = new(StartThread);

    public static Task<Process> StartAsync(ProcessStartInfo start)
    {
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        Requests.Value.Add(() =>
        {
            try
            {
                started.SetResult(Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} was not started."));
            }
            catch (Exception exception)
            {
                started.SetException(exception);
            }
        });
        return started.Task;
    }

    private static BlockingCollection<Action> StartThread()
    {
        var requests = new BlockingCollection<Action>();
        new Thread(() =>
        {
            foreach (var request in requests.GetConsumingEnumerable())
            {
                request();
            }
        })
        { IsBackground = true, Name = "process spawner" }.Start();
        return requests;
    }
}
