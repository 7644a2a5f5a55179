using FaultTolerance.Grains.Telemetry;
using Microsoft.Extensions.Logging;
using Orleans.Timers;

namespace FaultTolerance.Grains.Recovery;

/// <inheritdoc cref="IRecoveryGrain"/>
[GrainType("recovery")]
internal sealed partial class RecoveryGrain(
    IGrainContext context, RecoveryShard shard, IReminderRegistry reminders, TimeProvider timeProvider, ILogger<RecoveryGrain> logger)
    : IGrainBase, IRecoveryGrain, IRemindable, IDisposable
{
    /// <summary>After which time a registration that is not answered is given up: its silo may be the one that has just died.</summary>
    internal static readonly TimeSpan ReminderTimeout = TimeSpan.FromSeconds(10);

    private const string Backstop = "recovery";

    /// <summary>From the end of one pass to the start of the next: many nodes touch, and one pass answers them all.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan ReminderPeriod = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource _stop = new();
    private bool _isTouched;
    private bool _isReminded;

    public IGrainContext GrainContext => context;

    private long Shard => context.GrainId.GetIntegerKey();

    /// <summary>Gets the passes that are under way.</summary>
    internal Task Passing { get; private set; } = Task.CompletedTask;

    /// <summary>Gets the registration that is under way.</summary>
    internal Task Reminding { get; private set; } = Task.CompletedTask;

    public Task TouchAsync()
    {
        _isTouched = true;
        if (Passing.IsCompleted && !_stop.IsCancellationRequested)
        {
            Passing = PassAsync();
        }

        return Task.CompletedTask;
    }

    public Task ReceiveReminder(string reminderName, TickStatus status) => TouchAsync();

    public async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await Passing;
    }

    public void Dispose() => _stop.Dispose();

    private async Task PassAsync()
    {
        while (_isTouched && !_stop.IsCancellationRequested)
        {
            _isTouched = false;
            var hasMore = await shard.PassAsync((int)Shard, _stop.Token);
            _isTouched |= hasMore; // not in one statement: a touch during the pass would be overwritten
            RemindSoon();
            await Task.Delay(Pause, timeProvider, CancellationToken.None);
        }
    }

    /// <summary>Should every pacemaker be gone, the reminder comes once a minute. No pass waits for it.</summary>
    private void RemindSoon()
    {
        if (!_isReminded && Reminding.IsCompleted && !_stop.IsCancellationRequested)
        {
            Reminding = RemindAsync();
        }
    }

    private async Task RemindAsync()
    {
        try
        {
            await reminders.RegisterOrUpdateReminder(context.GrainId, Backstop, ReminderPeriod, ReminderPeriod).WaitAsync(ReminderTimeout, timeProvider);
            _isReminded = true;
        }
        catch (Exception exception)
        {
            LogNotReminded(exception, Shard);
        }
    }

    [LoggerMessage(EventIds.RecoveryNotReminded, LogLevel.Warning, "Recovery shard {Shard} could not register its reminder; it is tried again.")]
    private partial void LogNotReminded(Exception exception, long shard);
}
