using System.Diagnostics;
using System.Globalization;

namespace FaultTolerance.Testing;

/// <summary>The programs of a PostgreSQL that is installed on this machine.</summary>
internal sealed class PostgresInstallation
{
    private const string DebianFolder = "/usr/lib/postgresql";
    private const string ServerUser = "postgres";

    private PostgresInstallation(string folder, string version) => (Folder, Version) = (folder, version);

    public string Folder { get; }

    public string Version { get; }

    /// <summary>Finds the programs on <c>PATH</c>, then the newest where Debian puts them.</summary>
    /// <exception cref="InvalidOperationException">They are not there; the message says what to install.</exception>
    public static async Task<PostgresInstallation> FindAsync()
    {
        var folder = Candidates().FirstOrDefault(IsComplete) ?? throw new InvalidOperationException(
            $"PostgreSQL's programs initdb and postgres were found neither on PATH nor below {DebianFolder}. " +
            "Install them, on Debian or Ubuntu: apt-get install -y --no-install-recommends postgresql");
        var version = await ExecuteAsync(Path.Combine(folder, "postgres"), ["--version"]);

        // postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)
        return new PostgresInstallation(folder, version.Split(' ', StringSplitOptions.RemoveEmptyEntries)[2].Trim());
    }

    /// <summary>Returns the command that runs one of the programs as a user that PostgreSQL accepts: it refuses root.</summary>
    public string[] Command(string program) => Environment.IsPrivilegedProcess
        ? ["setpriv", $"--reuid={ServerUser}", $"--regid={ServerUser}", "--init-groups", "--", Path.Combine(Folder, program)]
        : [Path.Combine(Folder, program)];

    /// <summary>Runs one of the programs to its end.</summary>
    public Task<string> RunAsync(string program, params string[] arguments)
    {
        var command = Command(program);
        return ExecuteAsync(command[0], [.. command[1..], .. arguments]);
    }

    /// <summary>Makes the server's user the owner of a folder.</summary>
    public static Task OwnAsync(DirectoryInfo folder) => Environment.IsPrivilegedProcess
        ? ExecuteAsync("chown", ["-R", ServerUser + ":", folder.FullName])
        : Task.CompletedTask;

    /// <summary>Runs a program to its end and returns what it printed.</summary>
    public static async Task<string> ExecuteAsync(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"{program} ended with code {process.ExitCode}: {await errors}");
    }

    private static bool IsComplete(string folder) =>
        File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres"));

    private static IEnumerable<string> Candidates()
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        var debian = Directory.Exists(DebianFolder) ? Directory.EnumerateDirectories(DebianFolder) : [];
        return path.Concat(debian.OrderByDescending(Number).Select(folder => Path.Combine(folder, "bin")));
    }

    private static double Number(string folder) =>
        double.TryParse(Path.GetFileName(folder), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
