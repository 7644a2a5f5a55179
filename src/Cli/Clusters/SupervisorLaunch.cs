using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using FaultTolerance.Testing.Processes;

namespace FaultTolerance.Cli.Clusters;

/// <summary>Starts a supervisor that goes on after this process: <c>ft</c> once more, in a session of its own.</summary>
/// <remarks>
/// The two speak over the supervisor's standard streams. It says <see cref="Joined"/> on its output when all silos take work, and goes on
/// by itself once it reads a line on its input. If the input ends without one, whoever wanted the cluster has gone, and it stops: so
/// neither an interrupt nor a kill of <c>ft cluster start</c> leaves half a cluster behind.
/// </remarks>
internal static class SupervisorLaunch
{
    /// <summary>The line by which a supervisor says that all silos take work.</summary>
    public const string Joined = "joined";

    /// <summary>The environment variable that carries the connection string, where other users of the machine do not see it.</summary>
    public const string ConnectionVariable = "FT_CONNECTION";

    private const int LeadsItsGroup = 1; // EPERM: a process that a shell has started by itself; it has no need to

    /// <summary>Longer than silos take to leave that have nothing to do yet.</summary>
    private static readonly TimeSpan EndLimit = ClusterSupervisor.DefaultStopGrace + TimeSpan.FromSeconds(15);

    /// <summary>Starts it, and returns when all silos have joined.</summary>
    /// <exception cref="CommandException">The cluster could not be started; nothing is left behind.</exception>
    public static async Task StartAsync(ClusterStartOptions options, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        using var process = Process.Start(StartInfo(options)) ?? throw new InvalidOperationException("The supervisor was not started.");
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            if (await process.StandardOutput.ReadLineAsync(cancellationToken) == Joined)
            {
                await process.StandardInput.WriteLineAsync("go on".AsMemory(), cancellationToken);
                await process.StandardInput.FlushAsync(cancellationToken);
                return;
            }

            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            process.StandardInput.Close();
            await EndAsync(process, timeProvider);
            throw;
        }

        throw new CommandException(process.ExitCode == ExitCodes.Right ? ExitCodes.Unreachable : process.ExitCode, (await errors).TrimEnd());
    }

    /// <summary>Makes this process independent of the terminal: neither Ctrl-C there nor its end reaches it any more.</summary>
    /// <exception cref="UsageException">The kernel refuses.</exception>
    public static void Detach()
    {
        if (StartSession() < 0 && Marshal.GetLastPInvokeError() is not LeadsItsGroup and var error)
        {
            throw new UsageException($"The supervisor could not leave the terminal's session (errno {error}). Use --foreground.");
        }
    }

    /// <summary>Tells whoever started this process that all silos take work.</summary>
    public static async Task SayJoinedAsync(TextWriter output, CancellationToken cancellationToken)
    {
        await output.WriteLineAsync(Joined.AsMemory(), cancellationToken);
        await output.FlushAsync(cancellationToken);
    }

    private static async Task EndAsync(Process process, TimeProvider timeProvider)
    {
        try
        {
            await process.WaitForExitAsync().WaitAsync(EndLimit, timeProvider);
        }
        catch (TimeoutException)
        {
            process.Kill(); // the kernel ends its silos with it
        }
    }

    private static ProcessStartInfo StartInfo(ClusterStartOptions options)
    {
        var program = Path.Join(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "ft.exe" : "ft");
        var start = new ProcessStartInfo(program, ["cluster", "supervise", .. Arguments(options)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.TryAdd(SiloProgram.RuntimeRoot, SiloProgram.RuntimeFolder());
        if (options.Connection is not null)
        {
            start.Environment[ConnectionVariable] = options.Connection;
        }

        return start;
    }

    private static IEnumerable<string> Arguments(ClusterStartOptions options)
    {
        (string Name, string? Value)[] valued =
        [
            ("--folder", options.Folder),
            ("--silos", options.Silos?.ToString(CultureInfo.InvariantCulture)),
            ("--store", options.Store?.ToString().ToLowerInvariant()),
            ("--schema", options.Schema),
            ("--handlers", options.Handlers),
        ];
        return [.. valued.Where(option => option.Value is not null).SelectMany(option => new[] { option.Name, option.Value! }), .. options.NewPorts ? ["--new-ports"] : Array.Empty<string>()];
    }

    [DllImport("libc", EntryPoint = "setsid", SetLastError = true)]
    private static extern int StartSession();
}
