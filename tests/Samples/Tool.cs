using System.Diagnostics;

namespace FaultTolerance.Samples.Tests;

/// <summary>Runs a program of the system's and returns what it printed.</summary>
internal static class Tool
{
    public static async Task<byte[]> RunAsync(string program, string folder, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true };
        start.Environment["LC_ALL"] = "C";
        using var process = Process.Start(start)!;
        using var output = new MemoryStream();
        await process.StandardOutput.BaseStream.CopyToAsync(output);
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program} ended with {process.ExitCode}");
        return output.ToArray();
    }
}
