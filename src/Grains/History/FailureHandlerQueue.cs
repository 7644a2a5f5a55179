using System.Collections.Concurrent;
using FaultTolerance.Grains.Execution;
using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Telemetry;
using FaultTolerance.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FaultTolerance.Grains.History;

/// <summary>The incidents that one handler of failures is still to be called for. It is called for one at a time, away from whoever fills the queue.</summary>
internal sealed partial class FailureHandlerQueue(
    FailureHandlerEntry handler,
    IServiceProvider services,
    IDurableStore store,
    IncidentLog incidents,
    IncidentInstruments instruments,
    MonotonicClock clock,
    IOptions<FailureHandlerOptions> options,
    TimeProvider timeProvider,
    ILogger<FailureHandlerQueue> logger)
{
    private readonly ConcurrentDictionary<string, (IncidentSnapshot Incident, TimeSpan Due)> _waiting = new(StringComparer.Ordinal);

    public int Count => _waiting.Count;

    /// <summary>Gets the calls that are under way, one after another.</summary>
    public Task Running { get; private set; } = Task.CompletedTask;

    /// <summary>Gets the call that was given up on and has not ended; until it has, there is no other.</summary>
    public Task Hanging { get; private set; } = Task.CompletedTask;

    /// <summary>Takes an incident, if the handler is still to be called for it.</summary>
    public void Add(IncidentSnapshot incident)
    {
        if (FollowUpPlan.IsOwed(handler, incident))
        {
            _waiting.TryAdd(incident.Key, (incident, clock.Now));
        }
    }

    /// <summary>Calls the handler for what is due, unless it is being called. Returns without waiting for it.</summary>
    public void RunSoon(CancellationToken cancellationToken)
    {
        if (Running.IsCompleted && Hanging.IsCompleted && NextDue() is not null)
        {
            Running = RunAsync(cancellationToken);
        }
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested && Hanging.IsCompleted && NextDue() is { } incident)
        {
            try
            {
                await HandleAsync(incident, cancellationToken);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                // It was called, and that could not be recorded: it is called again.
                Postpone(incident, 1);
                LogNotRecorded(exception, handler.Name, incident.Key);
            }
        }
    }

    private IncidentSnapshot? NextDue() => _waiting.Values
        .Where(waiting => waiting.Due <= clock.Now)
        .Select(waiting => waiting.Incident)
        .OrderBy(incident => FollowUpPlan.Rank(incident.Entity))
        .ThenBy(incident => incident.At)
        .ThenBy(incident => incident.Key, StringComparer.Ordinal)
        .FirstOrDefault();

    private async Task HandleAsync(IncidentSnapshot known, CancellationToken cancellationToken)
    {
        if (await incidents.FindAsync(known.Key, cancellationToken) is not { } incident || !FollowUpPlan.IsOwed(handler, incident))
        {
            _waiting.TryRemove(known.Key, out _);
            return;
        }

        var error = await CallAsync(incident, cancellationToken);
        if (cancellationToken.IsCancellationRequested)
        {
            return; // this silo stops, and the next one calls again
        }

        var after = await incidents.UpdateAsync(
            incident.Key, i => FollowUpPlan.Record(i, handler.Name, error, options.Value.MaxTries, store.Now), cancellationToken) ?? incident;
        var (tries, isOver) = FollowUpPlan.Find(after, handler.Name) is { } done ? (done.Tries, done.IsOver) : (1, false);
        if (isOver)
        {
            _waiting.TryRemove(incident.Key, out _);
        }
        else
        {
            Postpone(incident, tries);
        }

        Tell(incident, error, tries, isOver);
    }

    private void Postpone(IncidentSnapshot incident, int failures) =>
        _waiting[incident.Key] = (incident, clock.Now + FollowUpPlan.Delay(options.Value.RetryDelay, failures));

    /// <summary>Calls the handler.</summary>
    /// <returns>Why it failed; null when it did not.</returns>
    private async Task<string?> CallAsync(IncidentSnapshot incident, CancellationToken cancellationToken)
    {
        var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var token = stop.Token;

        // Users' code, like a task's: it may block the thread it runs on, and must not run on this grain's turn.
        var call = Task.Run(() => handler.Create(services).HandleAsync(incident, token), CancellationToken.None);
        try
        {
            await call.WaitAsync(options.Value.CallTimeout, timeProvider, cancellationToken);
            stop.Dispose();
            return null;
        }
        catch (Exception exception)
        {
            call.Ignore();
            if (!call.IsCompleted)
            {
                Hanging = StopAsync(call, stop);
                return $"It took longer than {options.Value.CallTimeout.TotalSeconds:0.###} s.";
            }

            stop.Dispose(); // it has failed, or ended just when its time was over
            return $"{exception.GetType()}: {FailureDescription.MessageOf(exception)}";
        }
    }

    /// <summary>Tells the handler to stop, and waits until it has. What it registered with its token may block, and does so elsewhere.</summary>
    private static async Task StopAsync(Task call, CancellationTokenSource stop)
    {
        using (stop)
        {
            await stop.CancelAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await call.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Tell(IncidentSnapshot incident, string? error, int tries, bool isOver)
    {
        if (error is null)
        {
            return;
        }

        instruments.OnHandlerFailed();
        if (isOver)
        {
            LogGivenUp(handler.Name, incident.Key, tries, error);
        }
        else
        {
            LogFailed(handler.Name, incident.Key, tries, error);
        }
    }

    [LoggerMessage(EventIds.FailureHandlerFailed, LogLevel.Warning, "Failure handler {Handler} failed for incident {Incident}, try {Try}; it is called again: {Error}")]
    private partial void LogFailed(string handler, string incident, int @try, string error);

    [LoggerMessage(EventIds.FailureHandlerGivenUp, LogLevel.Error, "Failure handler {Handler} failed for incident {Incident}, try {Try}, and is not called for it again: {Error} Do by hand what it was to do.")]
    private partial void LogGivenUp(string handler, string incident, int @try, string error);

    [LoggerMessage(EventIds.FollowUpNotRecorded, LogLevel.Warning, "Failure handler {Handler}: how far it has come with incident {Incident} could not be read or recorded; it is called again.")]
    private partial void LogNotRecorded(Exception exception, string handler, string incident);
}
