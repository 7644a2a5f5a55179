using System.Diagnostics;
using FaultTolerance.Storage.Sqlite.Locks;

namespace FaultTolerance.Storage.Sqlite.Tests;

public sealed class ProcessKillTests : IDisposable
{
    private readonly Process _process = Process.Start("sleep", "1000");

    private long Start => ProcessFacts.Read(_process.Id)!.Start;

    [Fact]
    public async Task The_process_that_is_meant_is_ended()
    {
        Assert.True(ProcessKill.TryKill(_process.Id, Start));

        await _process.WaitForExitAsync();
        Assert.Equal(128 + 9, _process.ExitCode);
    }

    [Fact]
    public void Another_process_that_has_its_id_by_now_is_left_alone()
    {
        Assert.False(ProcessKill.TryKill(_process.Id, Start - 1));

        Assert.False(_process.HasExited);
    }

    [Fact]
    public void A_process_that_is_gone_is_not_ended() => Assert.False(ProcessKill.TryKill(int.MaxValue, 1));

    public void Dispose()
    {
        _process.Kill();
        _process.Dispose();
    }
}
