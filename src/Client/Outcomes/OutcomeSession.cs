using FaultTolerance.Gateways;
using Microsoft.Extensions.Logging;

namespace FaultTolerance.Outcomes;

/// <summary>Keeps the session's mailbox telling this client of outcomes, for as long as the client does anything.</summary>
/// <remarks>
/// Whenever listening may have had a gap, because a renewal failed or a gateway was lost, nothing that was told meanwhile can be
/// relied on: what callers wait for is then asked at once. A client that does nothing for a while falls silent.
/// </remarks>
internal sealed class OutcomeSession
{
    private readonly Lock _gate = new();
    private readonly ClusterCalls _calls;
    private readonly OutcomeTable _table;
    private readonly OutcomeAsker _asker;
    private readonly ClientClock _clock;
    private readonly BackgroundWork _background;
    private readonly FaultToleranceClientOptions _options;
    private readonly ILogger _logger;
    private readonly OutcomeListener _listener;
    private IOutcomeListener? _reference;
    private TaskCompletionSource _wake = new();
    private Task? _firstRenewal;
    private TimeSpan _lastActivity;
    private bool _hasGap;

    public OutcomeSession(
        SessionId id, ClusterCalls calls, OutcomeTable table, OutcomeAsker asker, ClientClock clock, BackgroundWork background, ClientInstruments instruments,
        FaultToleranceClientOptions options, ILogger logger)
    {
        (Id, _calls, _table, _asker, _clock, _background, _options, _logger) = (id, calls, table, asker, clock, background, options, logger);
        _listener = new OutcomeListener(outcomes =>
        {
            _lastActivity = clock.Now;
            table.Arrived(outcomes);
            instruments.OnTold(outcomes.Count);
        });
    }

    public SessionId Id { get; }

    /// <summary>Listens from now on; the task ends when listening has begun, or has failed for the first time.</summary>
    public Task EnsureListening()
    {
        _lastActivity = _clock.Now;
        return Volatile.Read(ref _firstRenewal) ?? Start();
    }

    /// <summary>Renews at once, and asks for what may have been told through the lost gateway.</summary>
    public void OnGatewayLost()
    {
        Volatile.Write(ref _hasGap, true);
        Volatile.Read(ref _wake).TrySetResult();
    }

    /// <summary>Takes the listener away from Orleans.</summary>
    public void Close()
    {
        if (_reference is not { } reference)
        {
            return;
        }

        try
        {
            _calls.Grains.DeleteObjectReference<IOutcomeListener>(reference);
        }
        catch (Exception exception)
        {
            ClientLog.ListenerKept(_logger, Id, exception.Message);
        }
    }

    private Task Start()
    {
        lock (_gate)
        {
            if (_firstRenewal is { } renewal)
            {
                return renewal;
            }

            var first = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Volatile.Write(ref _firstRenewal, first.Task);
            return _background.TryStart(() => ListenAsync(first), out _) ? first.Task : Task.CompletedTask;
        }
    }

    private async Task ListenAsync(TaskCompletionSource first)
    {
        try
        {
            for (var failures = 0; !IsIdle();)
            {
                failures = await RenewAsync() ? 0 : failures + 1;
                first.TrySetResult();
                await RestAsync(failures == 0 ? _options.ListenInterval : ClusterCalls.Shorter(_calls.Pause(failures - 1), _options.ListenInterval));
            }
        }
        finally
        {
            first.TrySetResult();
        }

        _table.ExpectNothing();
        ClientLog.SessionRested(_logger, Id);
    }

    private async Task<bool> RenewAsync()
    {
        Volatile.Write(ref _wake, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        try
        {
            _reference ??= _calls.Grains.CreateObjectReference<IOutcomeListener>(_listener);
            await _calls.OnceAsync(_options.CallTimeout, Listen, _background.Stopping);
        }
        catch (Exception exception) when (!_background.Stopping.IsCancellationRequested)
        {
            ClientLog.ListenFailed(_logger, Id, exception.Message);
            Volatile.Write(ref _hasGap, true);
            return false;
        }

        if (Interlocked.Exchange(ref _hasGap, false))
        {
            ClientLog.ListensAgain(_logger, Id, _table.WaitedForCount);
            _table.ExpectNothing();
            _asker.Nudge();
        }

        return true;
    }

    private async Task<bool> Listen()
    {
        await _calls.Grains.GetGrain<ISessionGrain>(Id.Value).ListenAsync(_reference!, _options.ListenPeriod);
        return true;
    }

    private async Task RestAsync(TimeSpan rest)
    {
        await _wake.Task.WaitAsync(rest, _clock.Provider, _background.Stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _background.Stopping.ThrowIfCancellationRequested();
    }

    // The session outlives the last activity by two periods: whoever comes back soon has missed nothing.
    private bool IsIdle()
    {
        lock (_gate)
        {
            if (_clock.Now - _lastActivity < 2 * _options.ListenPeriod || _table.WaitedForCount > 0)
            {
                return false;
            }

            Volatile.Write(ref _firstRenewal, null);
            return true;
        }
    }
}
