using System.Diagnostics;
using System.Globalization;
using FaultTolerance.Cli.Clusters;
using FaultTolerance.Grains.Nodes;

namespace FaultTolerance.Cli.Tests.Clusters;

/// <summary>What is done to a process that is no child of this one, as a supervisor's silos are none.</summary>
public sealed class LocalProcessTests : IDisposable
{
    private const int Times = 50;

    private readonly Process _parent = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "sleep 600 & echo $!; wait"]) { RedirectStandardOutput = true })!;
    private readonly ProcessIdentity _process;

    public LocalProcessTests() => _process = LocalProcess.Find(int.Parse(_parent.StandardOutput.ReadLine()!, CultureInfo.InvariantCulture))!;

    public void Dispose()
    {
        LocalProcess.Kill(_process);
        _parent.WaitForExit();
        _parent.Dispose();
    }

    [Fact]
    public void A_paused_process_stands_still_on_return_and_goes_on_when_it_is_resumed()
    {
        for (var i = 0; i < Times; i++)
        {
            Assert.True(LocalProcess.Pause(_process));
            Assert.Equal('T', State());

            Assert.True(LocalProcess.Resume(_process));
            Assert.NotEqual('T', State());
        }
    }

    [Fact]
    public async Task A_process_that_is_gone_cannot_be_paused()
    {
        LocalProcess.Kill(_process);
        Assert.True(await LocalProcess.WaitForEndAsync(_process, TestCluster.HangLimit, TimeProvider.System, CancellationToken.None));

        Assert.False(LocalProcess.Pause(_process));
    }

    private char State()
    {
        var stat = File.ReadAllText($"/proc/{_process.ProcessId}/stat");
        return stat[stat.LastIndexOf(')') + 2];
    }
}
