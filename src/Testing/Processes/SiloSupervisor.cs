using System.ComponentModel;
using System.Text.Json;

namespace FaultTolerance.Testing.Processes;

/// <summary>Starts one silo, and starts it again when its process dies, if that is asked for. One that left in order stays away.</summary>
internal sealed class SiloSupervisor(LocalClusterOptions options, SiloSlot slot, SiloEvents events) : IAsyncDisposable
{
    private static readonly TimeSpan LongLife = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _changes = new(1);
    private CancellationTokenSource _stopping = new();
    private SiloProcess? _process;
    private Task _watch = Task.CompletedTask;

    public SiloProcess Process => _process ?? throw new InvalidOperationException($"{slot.Name} was never started.");

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        SiloProcess process;
        await _changes.WaitAsync(cancellationToken);
        try
        {
            if (!_watch.IsCompleted || _process is { Ended.IsCompleted: false })
            {
                throw new InvalidOperationException($"{slot.Name} is running already, or about to be started again.");
            }

            await ReplaceAsync();
            process = Process;
            _stopping.Dispose();
            _stopping = new CancellationTokenSource();
            _watch = options.RestartsDead ? WatchAsync(process, _stopping.Token) : Task.CompletedTask;
        }
        finally
        {
            _changes.Release();
        }

        await BecomeReadyAsync(process, cancellationToken);
    }

    public async Task<int> StopAsync()
    {
        await _changes.WaitAsync();
        try
        {
            await _stopping.CancelAsync();
        }
        finally
        {
            _changes.Release();
        }

        var exitCode = await Process.StopAsync(options.StopGrace, options.TimeProvider);
        await _watch;
        return exitCode;
    }

    public async ValueTask DisposeAsync()
    {
        await _changes.WaitAsync();
        await _stopping.CancelAsync();
        _changes.Release();
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        await _watch;
        _stopping.Dispose();
        _changes.Dispose();
    }

    private async Task BecomeReadyAsync(SiloProcess process, CancellationToken cancellationToken)
    {
        var answer = await events.WaitForAsync(
            e => e.Node == slot.Name && e.ProcessId == process.ProcessId && e.Name is SiloEvent.Ready or SiloEvent.ProcessEnded,
            process.StartedAt,
            cancellationToken);
        if (answer.Name != SiloEvent.Ready)
        {
            throw new SiloEndedException(slot.Name, await process.Ended, slot.LogFile, process.LogTail());
        }
    }

    private async Task WatchAsync(SiloProcess process, CancellationToken stopping)
    {
        var delay = TimeSpan.Zero;
        while (true)
        {
            var startedAt = options.TimeProvider.GetTimestamp();
            if (await process.Ended == 0)
            {
                return; // it left in order, because somebody wanted it to
            }

            var livedLong = options.TimeProvider.GetElapsedTime(startedAt) >= LongLife;
            delay = livedLong || delay == TimeSpan.Zero ? options.RestartDelay : Min(delay * 2, options.MaxRestartDelay);
            if (!await RestartAsync(delay, stopping))
            {
                return;
            }

            process = Process;
        }
    }

    /// <summary>Starts the silo again after a delay; false when it was stopped meanwhile.</summary>
    private async Task<bool> RestartAsync(TimeSpan delay, CancellationToken stopping)
    {
        try
        {
            await Task.Delay(delay, options.TimeProvider, stopping);
            await _changes.WaitAsync(stopping);
        }
        catch (OperationCanceledException)
        {
            return false;
        }

        try
        {
            await ReplaceAsync();
        }
        catch (Exception exception) when (exception is Win32Exception or IOException)
        {
            Tell(exception); // the process that ended stands for this try: the next one comes after a longer delay
        }
        finally
        {
            _changes.Release();
        }

        return true;
    }

    private async Task ReplaceAsync()
    {
        var old = _process;
        _process = await SiloProcess.StartAsync(options.Program, slot, events);
        if (old is not null)
        {
            await old.DisposeAsync();
        }
    }

    private void Tell(Exception exception) => events.Add(new SiloEvent
    {
        Node = slot.Name,
        ProcessId = 0,
        Name = SiloEvent.ProcessNotStarted,
        Fields = JsonSerializer.SerializeToElement(new { error = exception.Message }),
    });

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
