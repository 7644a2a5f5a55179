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
    public static WriterProcess Start(string what, string engine, string location, params object[] more) =>
        StartBy([], [what, engine, location, .. more]);

    /// <summary>Starts the program in a process namespace of its own, in which no process outside is to be seen, as in a container. Needs root.</summary>
    public static WriterProcess StartApart(string what, string engine, string location, params object[] more) =>
        StartBy(["unshare", "--pid", "--fork", "--kill-child", "--mount-proc"], [what, engine, location, .. more]);

    private static WriterProcess StartBy(string[] wrapper, object[] arguments)
    {
        string[] line =
        [
            .. wrapper,
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
            Path.Combine(AppContext.BaseDirectory, "writer", "FaultTolerance.Orleans.Storage.Writer.dll"),
            .. arguments.Select(argument => Convert.ToString(argument, CultureInfo.InvariantCulture)!),
        ];
        var start = new ProcessStartInfo(line[0], line[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };

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

    /// <summary>Returns all that it says about errors, up to its end.</summary>
    public Task<string> ErrorsAsync() => _errors;

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
