using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace FaultTolerance.Testing.Processes;

/// <summary>One process of a silo, and what can be done to it. None of it touches a process that this one has not started.</summary>
public sealed class SiloProcess : IAsyncDisposable
{
    private const int TailLength = 4_000;

    private readonly Process _process;
    private readonly SiloEvents _events;
    private readonly TextWriter _log;
    private readonly Lock _signals = new();
    private bool _isPaused;
    private bool _isDisposed;

    private SiloProcess(SiloSlot slot, Process process, SiloEvents events, TextWriter log)
    {
        (Slot, _process, _events, _log) = (slot, process, events, log);
        ProcessId = process.Id;
        StartedAt = events.Position;
        Tell(SiloEvent.ProcessStarted, new { pid = ProcessId });
        Ended = FollowAsync();
    }

    /// <summary>Gets the silo's place in its cluster.</summary>
    public SiloSlot Slot { get; }

    /// <summary>Gets the process's id.</summary>
    public int ProcessId { get; }

    /// <summary>Gets a value indicating whether the process is paused.</summary>
    public bool IsPaused => _isPaused && !_process.HasExited;

    /// <summary>Gets the end of the process, once everything that it wrote is in its log: its exit code, or 128 + the signal that ended it.</summary>
    public Task<int> Ended { get; }

    /// <summary>Gets the position in the stream after which the process's events lie.</summary>
    internal long StartedAt { get; }

    /// <summary>Starts a silo's process.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">There is no such program, or it cannot be executed.</exception>
    internal static async Task<SiloProcess> StartAsync(SiloProgram program, SiloSlot slot, SiloEvents events)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(slot.LogFile)!);
        var file = new FileStream(slot.LogFile, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        var log = TextWriter.Synchronized(new StreamWriter(file) { AutoFlush = true });
        try
        {
            return new SiloProcess(slot, await ProcessSpawner.StartAsync(program.ToStartInfo(slot)), events, log);
        }
        catch
        {
            await log.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends the process at once, with SIGKILL, also while it is paused.</summary>
    /// <returns>Whether the process was still there.</returns>
    public bool Kill() => Signal(ProcessSignal.Kill);

    /// <summary>Asks the process to leave in order, with SIGTERM.</summary>
    /// <returns>Whether the process was still there.</returns>
    public bool Terminate() => Signal(ProcessSignal.Terminate);

    /// <summary>Freezes the process, with SIGSTOP. On return it stands still.</summary>
    /// <returns>Whether the process was still there.</returns>
    public bool Pause()
    {
        lock (_signals)
        {
            if (!IsPaused && Signal(ProcessSignal.Stop))
            {
                ProcessSignal.AwaitStopped(ProcessId);
                _isPaused = true;
            }

            return IsPaused;
        }
    }

    /// <summary>Lets a frozen process go on, with SIGCONT.</summary>
    /// <returns>Whether the process was still there.</returns>
    public bool Resume()
    {
        lock (_signals)
        {
            _isPaused = false;
            return Signal(ProcessSignal.Continue);
        }
    }

    /// <summary>Closes the process's standard input, upon which a silo leaves in order; kills it when the grace is over.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> StopAsync(TimeSpan grace, TimeProvider timeProvider)
    {
        Resume();
        _process.StandardInput.Close();
        try
        {
            return await Ended.WaitAsync(grace, timeProvider);
        }
        catch (TimeoutException)
        {
            Kill();
            return await Ended;
        }
    }

    /// <summary>Returns the last lines of the silo's log, for messages.</summary>
    public string LogTail()
    {
        using var stream = new FileStream(Slot.LogFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var isCut = stream.Length > TailLength;
        stream.Seek(-Math.Min(TailLength, stream.Length), SeekOrigin.End);
        using var reader = new StreamReader(stream);
        var tail = reader.ReadToEnd().TrimEnd();
        return isCut && tail.IndexOf('\n', StringComparison.Ordinal) is >= 0 and var end ? tail[(end + 1)..] : tail; // from a whole line on
    }

    /// <summary>Kills the process if it is still there, and waits for its end.</summary>
    public async ValueTask DisposeAsync()
    {
        Kill();
        await Ended;
        lock (_signals)
        {
            _isDisposed = true;
            _process.Dispose();
        }
    }

    private bool Signal(int signal)
    {
        lock (_signals)
        {
            // Whoever has ended may have handed its id on to another process.
            return !_isDisposed && !_process.HasExited && ProcessSignal.Send(ProcessId, signal);
        }
    }

    private async Task<int> FollowAsync()
    {
        await Task.WhenAll(ReadEventsAsync(), ReadLogAsync());
        await _process.WaitForExitAsync();
        await _log.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"--- process {ProcessId} ended with exit code {_process.ExitCode}"));
        await _log.DisposeAsync();
        Tell(SiloEvent.ProcessEnded, new { pid = ProcessId, exitCode = _process.ExitCode });
        return _process.ExitCode;
    }

    private async Task ReadEventsAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (SiloEvent.Parse(line, Slot.Name, ProcessId) is { } told)
            {
                _events.Add(told);
            }
            else
            {
                await _log.WriteLineAsync(line);
            }
        }
    }

    private async Task ReadLogAsync()
    {
        while (await _process.StandardError.ReadLineAsync() is { } line)
        {
            await _log.WriteLineAsync(line);
        }
    }

    private void Tell(string name, object fields) => _events.Add(new SiloEvent
    {
        Node = Slot.Name,
        ProcessId = ProcessId,
        Name = name,
        Fields = JsonSerializer.SerializeToElement(fields),
    });
}
