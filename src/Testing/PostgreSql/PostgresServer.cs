using System.Globalization;
using System.Security.Cryptography;
using FaultTolerance.Testing.Processes;

namespace FaultTolerance.Testing;

/// <summary>A private PostgreSQL server in a temporary folder on a free port of the loopback interface, with durable settings.</summary>
/// <remarks>
/// It is made by the programs of an installed PostgreSQL, found on <c>PATH</c> or where Debian puts them. When this process is root the
/// server runs as user <c>postgres</c>. It logs in by password, and ends with this process, however that ends.
/// </remarks>
public sealed class PostgresServer : IAsyncDisposable
{
    private static readonly TimeSpan HangLimit = TimeSpan.FromMinutes(1);

    private readonly PostgresInstallation _installation;
    private readonly DirectoryInfo _folder;
    private PostgresProcess? _process;

    private PostgresServer(PostgresInstallation installation, DirectoryInfo folder) =>
        (_installation, _folder) = (installation, folder);

    /// <summary>Gets the user that owns the server's databases.</summary>
    public string Username { get; } = "ft";

    /// <summary>Gets that user's password.</summary>
    public string Password { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12));

    /// <summary>Gets the port on 127.0.0.1; the same after a restart.</summary>
    public int Port { get; } = FreePort();

    /// <summary>Gets the version of the installed programs, for instance <c>15.18</c>.</summary>
    public string Version => _installation.Version;

    /// <summary>Gets a value indicating whether the server's processes are there, frozen or not.</summary>
    public bool IsRunning => _process is { HasExited: false };

    /// <summary>Gets the newest lines of the server's log.</summary>
    public string Log => _process?.Log ?? "";

    private string DataFolder => Path.Combine(_folder.FullName, "data");

    /// <summary>Makes and starts a server.</summary>
    /// <param name="settings">Settings of the server beside ours, by name, for instance <c>max_connections</c>.</param>
    /// <param name="parent">The folder in which the server's own is made; the temporary one when omitted.</param>
    /// <exception cref="InvalidOperationException">PostgreSQL is not installed, or does not start; the message says what to do.</exception>
    public static async Task<PostgresServer> StartNewAsync(IReadOnlyDictionary<string, string>? settings = null, string? parent = null)
    {
        var installation = await PostgresInstallation.FindAsync();
        var server = new PostgresServer(
            installation,
            parent is null ? Directory.CreateTempSubdirectory("ft-postgres-") : Directory.CreateDirectory(Path.Combine(parent, "postgres")));
        try
        {
            await server.CreateAsync();
            await server.StartAsync(settings);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Returns the connection string to one of the server's databases, in Npgsql's form.</summary>
    /// <param name="database">The database; <c>postgres</c> is always there.</param>
    /// <param name="host">The address, one of those on which the server was told to listen.</param>
    public string ConnectionString(string database = "postgres", string host = "127.0.0.1") => string.Create(
        CultureInfo.InvariantCulture,
        $"Host={host};Port={Port};Database={database};Username={Username};Password={Password}");

    /// <summary>Starts the stopped or killed server again, on the same data and port.</summary>
    /// <param name="settings">Settings beside ours, by name.</param>
    public async Task StartAsync(IReadOnlyDictionary<string, string>? settings = null)
    {
        _process?.Dispose();
        _process = PostgresProcess.Start(_installation, _folder, Arguments(settings ?? new Dictionary<string, string>()));
        await _process.Ready.WaitAsync(HangLimit);
    }

    /// <summary>Stops the server in order: open transactions are rolled back, and everything is written (mode <c>fast</c>).</summary>
    public Task StopAsync() => EndAsync("INT");

    /// <summary>Stops the server at once, without writing anything; the next start recovers from its log (mode <c>immediate</c>).</summary>
    public Task StopImmediatelyAsync() => EndAsync("QUIT");

    /// <summary>Ends all of the server's processes with SIGKILL, as when its machine fails.</summary>
    public async Task KillAsync()
    {
        var process = Running();
        var pid = await process.ReadPidAsync(DataFolder);

        // It has to stand still first: a child that it started after they were counted would live on, and hold on to what the others held.
        await PostgresProcess.SignalAsync("STOP", [pid]);
        ProcessStandstill.Await(pid);

        // The parent first: it would take the death of a child for a crash, and start anew.
        await PostgresProcess.SignalAsync("KILL", [pid, .. PostgresProcess.Children(pid)]);
        await process.Exited.WaitAsync(HangLimit);
    }

    /// <summary>Freezes all of the server's processes: connections stay open, and nobody answers.</summary>
    public async Task FreezeAsync()
    {
        var pid = await Running().ReadPidAsync(DataFolder);
        await PostgresProcess.SignalAsync("STOP", [pid]);
        await PostgresProcess.SignalAsync("STOP", PostgresProcess.Children(pid));
    }

    /// <summary>Lets a frozen server go on.</summary>
    public async Task ThawAsync()
    {
        var pid = await Running().ReadPidAsync(DataFolder);
        await PostgresProcess.SignalAsync("CONT", [.. PostgresProcess.Children(pid), pid]);
    }

    /// <summary>Ends the server, frozen or not, and deletes its folder.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_process is { } process)
        {
            if (IsRunning)
            {
                await ThawAsync();
            }

            await process.EndAsync().WaitAsync(HangLimit);
            process.Dispose();
        }

        if (Directory.Exists(_folder.FullName))
        {
            _folder.Delete(recursive: true);
        }
    }

    private static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task CreateAsync()
    {
        var passwordFile = Path.Combine(_folder.FullName, "password");
        await File.WriteAllTextAsync(passwordFile, Password);
        await PostgresInstallation.OwnAsync(_folder);
        await _installation.RunAsync(
            "initdb", "-D", DataFolder, "-U", Username, "--pwfile", passwordFile, "--auth=scram-sha-256", "-E", "UTF8", "--locale=C",
            "--no-sync");

        // Only of use where the server is told to listen on another address than that of the loopback interface.
        await File.AppendAllTextAsync(Path.Combine(DataFolder, "pg_hba.conf"), "host all all samenet scram-sha-256\n");
    }

    private IEnumerable<string> Arguments(IReadOnlyDictionary<string, string> settings)
    {
        var all = new Dictionary<string, string>
        {
            ["listen_addresses"] = "127.0.0.1",
            ["port"] = Port.ToString(CultureInfo.InvariantCulture),
            ["unix_socket_directories"] = _folder.FullName,
            ["fsync"] = "on",
            ["full_page_writes"] = "on",
            ["synchronous_commit"] = "on",
            ["shared_buffers"] = "128MB",
            ["timezone"] = "UTC",
        };
        foreach (var (name, value) in settings)
        {
            all[name] = value;
        }

        return ["-D", DataFolder, .. all.SelectMany(setting => new[] { "-c", $"{setting.Key}={setting.Value}" })];
    }

    private async Task EndAsync(string signal)
    {
        var process = Running();
        await PostgresProcess.SignalAsync(signal, [await process.ReadPidAsync(DataFolder)]);
        await process.Exited.WaitAsync(HangLimit);
    }

    private PostgresProcess Running() =>
        IsRunning ? _process! : throw new InvalidOperationException("The PostgreSQL server is not running.");
}
