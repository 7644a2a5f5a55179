using FaultTolerance.Testing.Processes;

namespace FaultTolerance.FakeSilo;

/// <summary>Starts two silos that each hold a pipe, pauses the second, and waits to be killed.</summary>
internal static class FakeParent
{
    public static async Task<int> RunAsync(string pipes)
    {
        var cluster = await LocalCluster.StartAsync(new LocalClusterOptions
        {
            Folder = pipes,
            Silos = 2,
            Chance = Environment.ProcessId,
            Program = new SiloProgram
            {
                Path = Environment.ProcessPath!,
                Arguments = slot => ["hold", Path.Join(pipes, slot.Name)],
            },
        });
        cluster.Process("silo-2").Pause();
        Console.WriteLine("started");
        await new TaskCompletionSource().Task; // until it is killed
        return 0;
    }
}
