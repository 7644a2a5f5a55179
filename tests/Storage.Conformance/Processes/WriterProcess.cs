using System.Diagnostics;
using System.Globalization;

namespace FaultTolerance.Storage.Conformance.Processes;

/// <summary>A process that writes to a store and says so line by line. Killed at the latest when disposed of.</summary>
/// <remarks>
/// The test project lays the program beside itself:
/// <c>&lt;ProjectReference Include="../Storage.Writer/Storage.Writer.csproj" ReferenceOutputAssembly="false" PlaceIn="writer" /&gt;</c>.
/// </remarks>
public sealed class WriterProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;

    private WriterProcess(Process process) => (_process, _errors) = (process, process.StandardError.ReadToEndAsync());

    /// <summary>Gets the exit code of a process that was ended by SIGKILL.</summary>
    public static int KilledExitCode => 128 + 9;

    public int Id => _process.Id;

    /// <summary>Starts the program.</summary>
    /// <param name="what">What it does; see the program.</param>
    /// <param name="engine">The engine's name.</param>
    /// <param name="location">Where the store is.</param>
    /// <param name="more">The arguments of what it does.</param>
    public static WriterProcess Start(string what, string engine, string location, params object[] more)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "writer", "FaultTolerance.Orleans.Storage.Writer.dll"));
        foreach (var argument in (object[])[what, engine, location, .. more])
        {
            start.ArgumentList.Add(Convert.ToString(argument, CultureInfo.InvariantCulture)!);
        }

        start.Environment["DOTNET_TieredPGO"] = "0"; // a short life: the start is all that counts
        return new WriterProcess(Process.Start(start)!);
    }

    /// <summary>Waits for the next line.</summary>
    /// <returns>Null at the end of the output.</returns>
    public Task<string?> ReadLineAsync() => _process.StandardOutput.ReadLineAsync();

    /// <summary>Waits for a line.</summary>
    public async Task UntilAsync(string line)
    {
        string? said;
        do
        {
            said = await ReadLineAsync();
            if (said is null)
            {
                Assert.Fail($"The writer ended ({await ExitCodeAsync()}) before it said '{line}'. {await _errors}");
            }
        }
        while (said != line);
    }

    /// <summary>Ends the process by SIGKILL.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Returns all whole lines that are still to come, up to the end of the output; one that was cut off nobody was told.</summary>
    public async Task<IReadOnlyList<string>> ReadToEndAsync()
    {
        var rest = await _process.StandardOutput.ReadToEndAsync();
        return rest[..(rest.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>Waits for the process to end.</summary>
    public async Task<int> ExitCodeAsync()
    {
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }
}
