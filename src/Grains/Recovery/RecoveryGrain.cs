using FaultTolerance.Grains.Telemetry;
using Microsoft.Extensions.Logging;
using Orleans.Timers;

namespace FaultTolerance.Grains.Recovery;

/// <inheritdoc cref="IRecoveryGrain"/>
[GrainType("recovery")]
internal sealed partial class RecoveryGrain(
    RecoveryShard shard, IReminderRegistry reminders, TimeProvider timeProvider, ILogger<RecoveryGrain> logger)
    : Grain, IRecoveryGrain, IRemindable, IDisposable
{
    private const string Backstop = "recovery";

    /// <summary>From the end of one pass to the start of the next: many nodes touch, and one pass answers them all.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan ReminderPeriod = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource _stop = new();
    private Task _passes = Task.CompletedTask;
    private bool _isTouched;
    private bool _isReminded;

    public Task TouchAsync()
    {
        _isTouched = true;
        if (_passes.IsCompleted && !_stop.IsCancellationRequested)
        {
            _passes = PassAsync();
        }

        return Task.CompletedTask;
    }

    public Task ReceiveReminder(string reminderName, TickStatus status) => TouchAsync();

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await _passes;
    }

    public void Dispose() => _stop.Dispose();

    private async Task PassAsync()
    {
        while (_isTouched && !_stop.IsCancellationRequested)
        {
            _isTouched = false;
            var hasMore = await shard.PassAsync((int)this.GetPrimaryKeyLong(), _stop.Token);
            _isTouched |= hasMore; // not in one statement: a touch during the pass would be overwritten
            await RemindAsync();
            await Task.Delay(Pause, timeProvider, CancellationToken.None);
        }
    }

    /// <summary>Should every pacemaker be gone, the reminder comes once a minute.</summary>
    private async Task RemindAsync()
    {
        if (_isReminded || _stop.IsCancellationRequested)
        {
            return;
        }

        try
        {
            await reminders.RegisterOrUpdateReminder(GrainContext.GrainId, Backstop, ReminderPeriod, ReminderPeriod);
            _isReminded = true;
        }
        catch (Exception exception)
        {
            LogNotReminded(exception, this.GetPrimaryKeyLong());
        }
    }

    [LoggerMessage(EventIds.RecoveryNotReminded, LogLevel.Warning, "Recovery shard {Shard} could not register its reminder; it is tried again.")]
    private partial void LogNotReminded(Exception exception, long shard);
}
