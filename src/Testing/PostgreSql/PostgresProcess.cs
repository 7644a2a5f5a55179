using System.Diagnostics;
using System.Globalization;

namespace FaultTolerance.Testing;

/// <summary>The processes of one started server, below a shell that ends them when this process is gone.</summary>
internal sealed class PostgresProcess : IDisposable
{
    private const int LogLines = 200;
    private const string ReadyLine = "database system is ready to accept connections";

    // The shell's standard input is a pipe that only we hold: its end means that we are gone or want the server gone. A signal to
    // a child on a parent's death (PR_SET_PDEATHSIG) would come when the thread that started it ends, which a pool's thread does.
    private const string Script =
        """
        folder=$1; shift
        exec 3<&0
        "$@" < /dev/null 3<&- &
        server=$!
        { read -r _ <&3; : > "$folder/abandoned"; kill -CONT "$server"; kill -QUIT "$server"; } 2> /dev/null &
        watch=$!
        exec 3<&-
        wait "$server"
        if [ -e "$folder/abandoned" ]; then rm -rf "$folder"; fi
        kill "$watch" 2> /dev/null
        """;

    private readonly Process _shell;
    private readonly Queue<string> _log = new();
    private readonly Lock _logLock = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private PostgresProcess(Process shell)
    {
        _shell = shell;
        shell.ErrorDataReceived += (_, line) => Read(line.Data);
        shell.BeginErrorReadLine();
        Exited = WaitAsync();
    }

    /// <summary>Gets a task that ends when the server accepts connections, or fails when it ends before.</summary>
    public Task Ready => _ready.Task;

    /// <summary>Gets a task that ends with the server.</summary>
    public Task Exited { get; }

    public bool HasExited => _shell.HasExited;

    public string Log
    {
        get
        {
            lock (_logLock)
            {
                return string.Join('\n', _log);
            }
        }
    }

    public static PostgresProcess Start(PostgresInstallation installation, DirectoryInfo folder, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(
            "/bin/sh", ["-c", Script, "postgres", folder.FullName, .. installation.Command("postgres"), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder.FullName,
            Environment = { ["LC_ALL"] = "C" },
        };
        return new PostgresProcess(Process.Start(start)!);
    }

    /// <summary>Sends a signal to processes; those that are gone already are none of its business.</summary>
    public static async Task SignalAsync(string signal, IReadOnlyCollection<int> pids)
    {
        if (pids.Count > 0)
        {
            var list = string.Join(' ', pids.Select(pid => pid.ToString(CultureInfo.InvariantCulture)));
            await PostgresInstallation.ExecuteAsync("/bin/sh", ["-c", $"kill -{signal} {list} 2> /dev/null; true"]);
        }
    }

    /// <summary>Returns the processes whose parent is this one.</summary>
    public static IReadOnlyList<int> Children(int pid)
    {
        var children = new List<int>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var child)
                && ParentOf(folder) == pid)
            {
                children.Add(child);
            }
        }

        return children;
    }

    /// <summary>Returns the id of the server's first process.</summary>
    public async Task<int> ReadPidAsync(string dataFolder)
    {
        await Ready;
        var lines = await File.ReadAllLinesAsync(Path.Combine(dataFolder, "postmaster.pid"));
        return int.Parse(lines[0], CultureInfo.InvariantCulture);
    }

    /// <summary>Ends the server at once; its folder goes with it.</summary>
    public Task EndAsync()
    {
        _shell.StandardInput.Close();
        return Exited;
    }

    public void Dispose() => _shell.Dispose();

    private static int ParentOf(string folder)
    {
        try
        {
            // 4711 (postgres) S 4710 …: the name may hold spaces and brackets.
            var text = File.ReadAllText(Path.Combine(folder, "stat"));
            return int.Parse(text[(text.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return 0; // It ended between the listing and the reading.
        }
    }

    private void Read(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_logLock)
        {
            _log.Enqueue(line);
            if (_log.Count > LogLines)
            {
                _log.Dequeue();
            }
        }

        if (line.EndsWith(ReadyLine, StringComparison.Ordinal))
        {
            _ready.TrySetResult();
        }
    }

    private async Task WaitAsync()
    {
        await _shell.WaitForExitAsync();
        _ready.TrySetException(new InvalidOperationException($"The PostgreSQL server did not start:\n{Log}"));
    }
}
