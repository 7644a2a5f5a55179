using FaultTolerance.Grains.FailureDetection;
using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FaultTolerance.Grains.Actors;

/// <summary>Looks at the actors of this node in turn, and tells of those that hang. It judges nobody while the node itself is not well.</summary>
internal sealed partial class ActorChecker : ILifecycleParticipant<ISiloLifecycle>, IAsyncDisposable
{
    private readonly ActorMonitor _monitor;
    private readonly ActorIncidents _incidents;
    private readonly Func<NodePhase> _phase; // where this node is in its life, as it knows itself
    private readonly INodePipeline _pipeline;
    private readonly CondemnationGuard _guard;
    private readonly MonotonicClock _clock;
    private readonly ActorDetectionOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly PeriodicLoop _looks;
    private bool _isExcusing;

    public ActorChecker(
        Func<NodePhase> phase,
        ActorMonitor monitor,
        ActorIncidents incidents,
        INodePipeline pipeline,
        CondemnationGuard guard,
        MonotonicClock clock,
        IOptions<ActorDetectionOptions> options,
        TimeProvider timeProvider,
        ILogger<ActorChecker> logger)
    {
        (_phase, _monitor, _incidents, _pipeline, _guard) = (phase, monitor, incidents, pipeline, guard);
        (_clock, _options, _timeProvider, _logger) = (clock, options.Value, timeProvider, logger);
        _looks = new PeriodicLoop(_options.CheckInterval, LookAsync, LogLookFailed, timeProvider);
    }

    public void Participate(ISiloLifecycle observer) => observer.Subscribe(nameof(ActorChecker), NodeStages.Watch, StartAsync, StopAsync);

    public async ValueTask DisposeAsync()
    {
        await _looks.StopAsync();
        await _incidents.Writing;
    }

    /// <summary>One look at all actors.</summary>
    internal async Task LookAsync(CancellationToken cancellationToken)
    {
        var now = _clock.Now; // before the executor is asked: what that takes is no lateness of this look
        var look = _monitor.IsIdle ? ActorLook.Hold : await ChooseAsync(now, cancellationToken);
        foreach (var finding in _monitor.Look(look, now))
        {
            _incidents.Take(finding);
        }

        _incidents.WriteSoon(cancellationToken);
    }

    private async Task<ActorLook> ChooseAsync(TimeSpan now, CancellationToken cancellationToken)
    {
        if (_phase() is NodePhase.Joining or NodePhase.Left or NodePhase.Dead || _guard.IsCutOff(now))
        {
            return ActorLook.Hold;
        }

        var answers = await AnswersAsync(cancellationToken);
        if (!answers && !_isExcusing)
        {
            LogExcused(_options.CheckInterval);
        }

        _isExcusing = !answers;
        return answers ? ActorLook.Judge : ActorLook.Excuse;
    }

    /// <summary>Whether this node's executor takes a turn: then an actor that takes none hangs by itself.</summary>
    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _pipeline.InspectAsync().WaitAsync(_options.CheckInterval, _timeProvider, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private Task StartAsync(CancellationToken cancellationToken)
    {
        _looks.Start(atOnce: true);
        return Task.CompletedTask;
    }

    private Task StopAsync(CancellationToken cancellationToken) => DisposeAsync().AsTask();

    [LoggerMessage(EventIds.ActorsNotJudged, LogLevel.Warning, "The actors of this node are not judged now, for its own executor has not answered within {Limit}; their silence does not count until it does.")]
    private partial void LogExcused(TimeSpan limit);

    [LoggerMessage(EventIds.ActorsNotLookedAt, LogLevel.Warning, "The actors of this node could not be looked at now; it is tried again.")]
    private partial void LogLookFailed(Exception exception);
}
