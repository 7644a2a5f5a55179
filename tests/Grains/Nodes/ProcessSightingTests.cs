using System.Diagnostics;
using FaultTolerance.Grains.Nodes;

namespace FaultTolerance.Grains.Tests.Nodes;

public sealed class ProcessSightingTests
{
    [Fact]
    public void The_start_and_the_state_are_read_from_the_kernels_line()
    {
        const string Line = "4242 (dotnet) S 1 4242 4242 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 19 0 987654 11 12 13";

        Assert.Equal(new ProcessSighting(987654, IsEnded: false), ProcessSighting.Parse(Line));
    }

    [Theory]
    [InlineData("4242 (a) b) Z (c) S 1 1 1 0 -1 0 1 2 3 4 5 6 7 8 20 0 19 0 77 11", false)]
    [InlineData("4242 (.NET Server) Z 1 1 1 0 -1 0 1 2 3 4 5 6 7 8 20 0 19 0 77 11", true)]
    [InlineData("4242 () X 1 1 1 0 -1 0 1 2 3 4 5 6 7 8 20 0 19 0 77 11", true)]
    public void A_programs_name_may_hold_anything(string line, bool isEnded) =>
        Assert.Equal(new ProcessSighting(77, isEnded), ProcessSighting.Parse(line));

    [Fact]
    public void This_process_is_seen_and_has_a_name_for_good()
    {
        var self = ProcessIdentity.OfThisProcess();

        Assert.Equal(Environment.ProcessId, self.ProcessId);
        Assert.Equal(new ProcessSighting(self.Start, IsEnded: false), ProcessSighting.Of(self.ProcessId));
        Assert.NotEmpty(self.Machine);
        Assert.Equal(self, ProcessIdentity.OfThisProcess());
    }

    [Fact]
    public async Task A_process_that_has_ended_is_not_seen()
    {
        using var process = Process.Start(new ProcessStartInfo("sleep", "1000"))!;
        Assert.NotNull(ProcessSighting.Of(process.Id));

        process.Kill();
        await process.WaitForExitAsync();

        Assert.Null(ProcessSighting.Of(process.Id));
    }

    [Fact]
    public async Task A_process_that_the_kernel_hides_is_not_taken_for_gone()
    {
        var hiding = Directory.CreateTempSubdirectory("proc-");
        using var process = Process.Start(new ProcessStartInfo("sleep", "1000"))!;

        var hidden = Assert.Throws<IOException>(() => ProcessSighting.Of(process.Id, hiding.FullName));
        process.Kill();
        await process.WaitForExitAsync();

        Assert.Contains("hidepid", hidden.Message, StringComparison.Ordinal);
        Assert.Null(ProcessSighting.Of(process.Id, hiding.FullName));
        hiding.Delete();
    }
}
