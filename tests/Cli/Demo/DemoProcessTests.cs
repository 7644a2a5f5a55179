using System.Text.Json;
using FaultTolerance.Cli.Clusters;

namespace FaultTolerance.Cli.Tests.Demo;

/// <summary>The demo as a process of its own: interrupted, and beside another one.</summary>
public sealed class DemoProcessTests : IDisposable
{
    private readonly DemoInput _input = new();
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("demo-data-");

    public void Dispose()
    {
        _input.Dispose();
        _data.Delete(recursive: true);
    }

    [Fact]
    public async Task Control_C_ends_every_silo_and_the_exit_code_says_so()
    {
        _input.Fill();
        using var demo = Start(_input, "--silos", "2", "--kill", "none");
        await UntilBothRunAsync(demo);
        var silos = demo.Children();

        demo.PressControlC();

        await AssertInterruptedAsync(demo);
        Assert.Equal(2, silos.Count);
        Assert.DoesNotContain(silos, LocalProcess.IsLiving);
    }

    [Fact]
    public async Task Control_C_ends_a_silo_that_is_paused_at_that_moment_too()
    {
        _input.Fill();
        using var demo = Start(_input, "--silos", "2", "--kill", "all", "--signal", "pause", "--at", "0s");
        await UntilBothRunAsync(demo);
        var silos = demo.Children();
        await demo.UntilSaidAsync("was paused (SIGSTOP)");
        Assert.All(silos, silo => LocalProcess.Pause(silo)); // it stays so, however long the line took to come here

        demo.PressControlC();

        await AssertInterruptedAsync(demo);
        Assert.Equal(2, silos.Count);
        Assert.DoesNotContain(silos, LocalProcess.IsLiving);
    }

    [Fact]
    public async Task Two_demos_at_once_do_not_get_in_each_others_way()
    {
        using var other = new DemoInput();
        _input.Add("one.txt", "some words\n");
        other.Add("other.txt", "other words, and more of them\n");
        using var one = Start(_input, "--silos", "2", "--kill", "none");
        using var two = Start(other, "--silos", "2", "--kill", "none");

        var ends = await Task.WhenAll(one.EndAsync(), two.EndAsync());

        Assert.True(ends.All(end => end.ExitCode == ExitCodes.Right), $"exit codes {ends[0].ExitCode} and {ends[1].ExitCode}\n{one.Errors}\n{two.Errors}");
        Assert.All(ends, end => Assert.True(JsonDocument.Parse(end.Output).RootElement.GetProperty("manifestMatches").GetBoolean()));
        Assert.Empty(_data.EnumerateFileSystemInfos());
    }

    private DemoProcess Start(DemoInput input, params string[] options) => DemoProcess.Start([input.Folder, "--data", _data.FullName, .. options]);

    private static async Task UntilBothRunAsync(DemoProcess demo)
    {
        await demo.UntilSaidAsync("has joined as life");
        await demo.UntilSaidAsync("has joined as life");
    }

    private async Task AssertInterruptedAsync(DemoProcess demo)
    {
        var (exitCode, output) = await demo.EndAsync();
        Assert.True((exitCode, output) == (ExitCodes.Interrupted, ""), $"exit code {exitCode}\n{output}\n{demo.Errors}");
        Assert.Contains($"its data and logs are kept in {Assert.Single(_data.GetDirectories()).FullName}.", demo.Errors, StringComparison.Ordinal);
        Assert.Contains("Interrupted.", demo.Errors, StringComparison.Ordinal);
    }
}
