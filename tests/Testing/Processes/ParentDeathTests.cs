using System.Diagnostics;

namespace FaultTolerance.Testing.Tests.Processes;

public sealed class ParentDeathTests : IDisposable
{
    private readonly FakeCluster _fake = new();

    public void Dispose() => _fake.Dispose();

    [Fact]
    public async Task Silos_end_when_their_parent_is_killed_also_one_that_is_paused()
    {
        // Each silo holds the writing end of a pipe: its reader sees the end of the pipe when, and only when, the silo is gone.
        var pipes = new[] { "silo-1", "silo-2" }.Select(name => Path.Join(_fake.Folder, name)).ToArray();
        using (var mkfifo = Process.Start("mkfifo", pipes))
        {
            await mkfifo.WaitForExitAsync();
        }

        using var parent = Process.Start(new ProcessStartInfo(FakeCluster.Executable, ["parent", _fake.Folder]) { RedirectStandardOutput = true })!;
        var readers = pipes.Select(pipe => new FileStream(pipe, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0)).ToList();
        Assert.Equal("started", await parent.StandardOutput.ReadLineAsync().WaitAsync(FakeCluster.HangLimit));

        parent.Kill();

        foreach (var reader in readers)
        {
            Assert.Equal(0, await reader.ReadAsync(new byte[1]).AsTask().WaitAsync(FakeCluster.HangLimit));
            await reader.DisposeAsync();
        }

        await parent.WaitForExitAsync();
    }

    [Fact]
    public async Task A_silo_whose_parent_is_gone_already_ends_at_once()
    {
        using var orphan = Process.Start(FakeCluster.Executable, ["--die-with-parent", "1"]);

        await orphan.WaitForExitAsync().WaitAsync(FakeCluster.HangLimit);

        Assert.Equal(3, orphan.ExitCode);
    }
}
