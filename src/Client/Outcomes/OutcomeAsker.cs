using Microsoft.Extensions.Logging;

namespace FaultTolerance.Outcomes;

/// <summary>Asks the store, page by page, for tasks that callers wait for and of which nothing was heard.</summary>
/// <remarks>
/// One page is under way at a time. After a page that told nothing it rests four times as long as the page took: so asking
/// in vain costs the cluster a fifth of one connection at most, however many tasks are waited for. After one that told
/// something, outcomes were evidently missed, and it goes on at once.
/// </remarks>
internal sealed class OutcomeAsker : IDisposable
{
    private const int PageSize = 2_000;
    private const int RestFactor = 4;

    private readonly Lock _gate = new();
    private readonly OutcomeTable _table;
    private readonly ClusterCalls _calls;
    private readonly ClientClock _clock;
    private readonly BackgroundWork _background;
    private readonly ClientInstruments _instruments;
    private readonly Func<double> _chance;
    private readonly FaultToleranceClientOptions _options;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private TimeSpan? _armedFor;
    private double _jitter;
    private bool _isAsking;

    public OutcomeAsker(
        OutcomeTable table, ClusterCalls calls, ClientClock clock, BackgroundWork background, ClientInstruments instruments, Func<double> chance, FaultToleranceClientOptions options, ILogger logger)
    {
        (_table, _calls, _clock, _background, _instruments, _chance, _options, _logger) = (table, calls, clock, background, instruments, chance, options, logger);
        _jitter = Jitter();
        _timer = clock.Provider.CreateTimer(static asker => ((OutcomeAsker)asker!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Asks, or sets the timer, for what has come to be waited for.</summary>
    public void Nudge()
    {
        lock (_gate)
        {
            if (_isAsking || _table.NextDue(_jitter) is not { } due)
            {
                return;
            }

            var now = _clock.Now;
            if (due <= now)
            {
                _isAsking = true;
            }
            else if (!(_armedFor <= due))
            {
                _armedFor = due;
                _timer.Change(due - now, Timeout.InfiniteTimeSpan);
                return;
            }
            else
            {
                return;
            }
        }

        _background.TryStart(AskAsync, out _);
    }

    public void Dispose() => _timer.Dispose();

    private void OnTimer()
    {
        lock (_gate)
        {
            _armedFor = null;
        }

        Nudge();
    }

    private async Task AskAsync()
    {
        try
        {
            while (_table.TakeDue(PageSize, _jitter) is { Count: > 0 } page)
            {
                var began = _clock.Now;
                var answered = await AskAsync(page);
                ClientLog.OutcomesAsked(_logger, page.Count, answered);
                _instruments.OnAsked(page.Count, answered);
                await _clock.Delay(answered == 0 ? RestFactor * (_clock.Now - began) : TimeSpan.Zero, _background.Stopping);
            }
        }
        finally
        {
            lock (_gate)
            {
                (_isAsking, _jitter) = (false, Jitter());
            }
        }

        Nudge();
    }

    private async Task<int> AskAsync(List<OutcomeEntry> page)
    {
        for (var repeat = 0; page.Count > 0; repeat++)
        {
            try
            {
                var ids = page.ConvertAll(entry => entry.Id);
                var outcomes = await _calls.OnceAsync(_options.CallTimeout, () => _calls.NextGateway().GetOutcomesAsync(ids), _background.Stopping);
                _table.Answered(page, outcomes);
                return outcomes.Count(outcome => !outcome.IsLeftOut);
            }
            catch (Exception exception) when (!_background.Stopping.IsCancellationRequested)
            {
                var pause = _calls.Pause(repeat);
                ClientLog.AskFailed(_logger, page.Count, pause.TotalMilliseconds, exception.Message);
                await _clock.Delay(pause, _background.Stopping);
                page = _table.StillWaitedFor(page);
            }
        }

        return 0;
    }

    // A tenth more or less, so that clients that lost the same gateway do not ask all at once for ever.
    private double Jitter() => 0.9 + (_chance() / 5);
}
