using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Telemetry;
using Microsoft.Extensions.Options;

namespace FaultTolerance.Grains.Actors;

/// <inheritdoc cref="IActorMonitor"/>
internal sealed class ActorMonitor(MonotonicClock clock, IncidentInstruments instruments, IOptions<ActorDetectionOptions> options) : IActorMonitor
{
    /// <summary>The longest interval that an actor may have.</summary>
    private static readonly TimeSpan LongestInterval = TimeSpan.FromHours(1);

    private readonly Lock _lock = new();
    private readonly ActorDetector _detector = new(options.Value);
    private readonly Dictionary<ActorName, ActorWatch> _watches = [];
    private List<ActorFinding> _findings = [];

    /// <summary>Gets a value indicating whether no actor is watched and nothing is left to tell.</summary>
    public bool IsIdle
    {
        get
        {
            lock (_lock)
            {
                return _watches.Count == 0 && _findings.Count == 0;
            }
        }
    }

    /// <inheritdoc/>
    public IActorWatch Watch(string type, string key, TimeSpan? heartbeatInterval = null)
    {
        var actor = ActorName.Of(type, key);
        var interval = heartbeatInterval ?? options.Value.HeartbeatInterval;
        if (interval < options.Value.CheckInterval || interval > LongestInterval)
        {
            throw new ArgumentOutOfRangeException(
                nameof(heartbeatInterval),
                interval,
                $"Actor {actor} cannot be watched: its heartbeat interval must be between {options.Value.CheckInterval} (Actors:CheckInterval) and {LongestInterval}.");
        }

        lock (_lock)
        {
            var before = _watches.GetValueOrDefault(actor);
            Drain(before);
            var (life, again) = _detector.Watch(actor, interval, clock.Now);
            if (life is not { } number)
            {
                throw new TooManyActorsException(type, key, options.Value.MaxWatched);
            }

            Add(again);
            instruments.OnActorsWatched(before is null ? 1 : 0);
            return _watches[actor] = new ActorWatch(this, actor, number, clock);
        }
    }

    /// <summary>Looks at all actors.</summary>
    /// <returns>What was found out since the look before.</returns>
    public IReadOnlyList<ActorFinding> Look(ActorLook look, TimeSpan now)
    {
        lock (_lock)
        {
            foreach (var watch in _watches.Values)
            {
                Drain(watch);
            }

            _findings.AddRange(_detector.Look(look, now));
            var found = _findings;
            _findings = [];
            return found;
        }
    }

    /// <summary>Ends a watch, unless another has taken its place.</summary>
    public void Unwatch(ActorWatch watch)
    {
        lock (_lock)
        {
            if (_watches.TryGetValue(watch.Actor, out var current) && ReferenceEquals(current, watch))
            {
                Drain(watch);
                Add(_detector.Unwatch(watch.Actor, watch.Life, clock.Now));
                _watches.Remove(watch.Actor);
                instruments.OnActorsWatched(-1);
            }
        }
    }

    /// <summary>Hands the detector the newest heartbeat of an actor. Beats wait until somebody looks, so that they need no lock.</summary>
    private void Drain(ActorWatch? watch)
    {
        if (watch is not null)
        {
            Add(_detector.Beat(watch.Actor, watch.Life, watch.LastBeat));
        }
    }

    private void Add(ActorAliveAgain? again)
    {
        if (again is not null)
        {
            _findings.Add(again);
        }
    }
}
