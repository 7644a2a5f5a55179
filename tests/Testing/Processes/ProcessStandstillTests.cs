using FaultTolerance.Testing.Processes;

namespace FaultTolerance.Testing.Tests.Processes;

public sealed class ProcessStandstillTests : IDisposable
{
    private const int Times = 20;

    private readonly FakeCluster _fake = new();

    public void Dispose() => _fake.Dispose();

    [Fact]
    public async Task Every_thread_of_a_process_stands_still_when_it_was_waited_for()
    {
        await using var cluster = await _fake.StartAsync();
        var process = cluster.Process("silo-1").ProcessId;
        for (var i = 0; i < Times; i++)
        {
            ProcessSignal.Send(process, ProcessSignal.Stop);
            ProcessStandstill.Await(process);

            var states = Directory.GetDirectories($"/proc/{process}/task").Select(StateOf).ToList();
            Assert.True(states.Count > 1);
            Assert.All(states, state => Assert.Equal('T', state));
            ProcessSignal.Send(process, ProcessSignal.Continue);
        }
    }

    [Fact]
    public async Task Nobody_waits_for_a_process_that_is_gone()
    {
        await using var cluster = await _fake.StartAsync();
        var process = cluster.Process("silo-1");
        process.Kill();
        await process.Ended;

        ProcessStandstill.Await(process.ProcessId);
    }

    private static char StateOf(string thread)
    {
        var stat = File.ReadAllText(Path.Join(thread, "stat"));
        return stat[stat.LastIndexOf(')') + 2];
    }
}
