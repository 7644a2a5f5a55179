using System.Diagnostics;
using System.Text;
using FaultTolerance.Cli.Clusters;
using FaultTolerance.Grains.Nodes;
using FaultTolerance.Testing;
using FaultTolerance.Testing.Processes;

namespace FaultTolerance.Cli.Tests.Demo;

/// <summary><c>ft demo</c> as the process that a person starts in a terminal.</summary>
internal sealed class DemoProcess : IDisposable
{
    private const int Interrupt = 2;

    private static readonly TimeSpan HangLimit = TimeSpan.FromMinutes(5);

    private readonly Process _process;
    private readonly StringBuilder _errors = new();
    private readonly Task<string> _output;

    private DemoProcess(Process process)
    {
        _process = process;
        _output = process.StandardOutput.ReadToEndAsync();
    }

    /// <summary>Gets what it has said on standard error and somebody has awaited.</summary>
    public string Errors => _errors.ToString();

    /// <summary>Starts it.</summary>
    public static DemoProcess Start(params string[] arguments)
    {
        // A script that runs the tests in the background has Ctrl-C ignored, and every process below inherits that.
        var start = new ProcessStartInfo("env", ["--default-signal=INT", Path.Join(AppContext.BaseDirectory, "ft"), "demo", "--json", .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.TryAdd(SiloProgram.RuntimeRoot, SiloProgram.RuntimeFolder());
        return new DemoProcess(Process.Start(start)!);
    }

    /// <summary>Waits for a line on standard error that holds a text.</summary>
    public async Task UntilSaidAsync(string text)
    {
        while (!await ReadLineAsync(text))
        {
        }
    }

    /// <summary>Returns the processes that it has started and that are there.</summary>
    public IReadOnlyList<ProcessIdentity> Children() => [.. PostgresProcess.Children(_process.Id).Select(LocalProcess.Find).OfType<ProcessIdentity>()];

    /// <summary>Does what Ctrl-C does.</summary>
    public void PressControlC() => Assert.True(ProcessSignal.Send(_process.Id, Interrupt));

    /// <summary>Waits for its end, and returns the exit code and standard output.</summary>
    public async Task<(int ExitCode, string Output)> EndAsync()
    {
        _errors.Append(await _process.StandardError.ReadToEndAsync().WaitAsync(HangLimit));
        await _process.WaitForExitAsync().WaitAsync(HangLimit);
        return (_process.ExitCode, await _output);
    }

    /// <summary>Kills it where a test has failed; the kernel ends its silos with it.</summary>
    public void Dispose()
    {
        _process.Kill();
        _process.Dispose();
    }

    private async Task<bool> ReadLineAsync(string text)
    {
        var line = await _process.StandardError.ReadLineAsync().WaitAsync(HangLimit);
        Assert.True(line is not null, $"It ended without saying '{text}':\n{_errors}");
        _errors.AppendLine(line);
        return line.Contains(text, StringComparison.Ordinal);
    }
}
