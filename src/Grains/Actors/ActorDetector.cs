namespace FaultTolerance.Grains.Actors;

/// <summary>Turns heartbeats of actors and their silence into failures. Reads no clock and calls nobody: <c>now</c> is passed in.</summary>
/// <remarks>
/// An actor fails when it is silent for strictly longer than its interval times the heartbeats it may miss, and is reported once until it beats again.
/// A detector that itself stood still cannot tell who is silent: what its own look was late by is held against nobody.
/// </remarks>
/// <param name="options">The limits.</param>
internal sealed class ActorDetector(ActorDetectionOptions options)
{
    private readonly Dictionary<ActorName, Watched> _actors = [];
    private long _lives;
    private TimeSpan? _lastLook;
    private bool _wasExcusing;

    /// <summary>Gets how many actors are watched.</summary>
    public int Count => _actors.Count;

    /// <summary>Begins a life of an actor, in place of any before.</summary>
    /// <returns>The number of the life, null at the limit; and the end of the failure of the life before, if it had failed.</returns>
    public (long? Life, ActorAliveAgain? Again) Watch(ActorName actor, TimeSpan interval, TimeSpan now)
    {
        var before = _actors.GetValueOrDefault(actor);
        if (before is null && _actors.Count >= options.MaxWatched)
        {
            return (null, null);
        }

        var again = before is { IsFailed: true } ? AliveAgain(actor, before, now, ActorRevival.NewLife) : null;
        var life = ++_lives;
        _actors[actor] = new Watched(life, interval, interval * options.MissedHeartbeats) { LastBeat = now, Failures = before?.Failures ?? 0 };
        return (life, again);
    }

    /// <summary>Takes a heartbeat. One of a former life, or older than the newest, changes nothing.</summary>
    /// <returns>The end of its failure, if it had failed.</returns>
    public ActorAliveAgain? Beat(ActorName actor, long life, TimeSpan at)
    {
        if (Find(actor, life) is not { } watched || at <= watched.LastBeat)
        {
            return null;
        }

        var again = watched.IsFailed ? AliveAgain(actor, watched, at, ActorRevival.Beat) : null;
        (watched.LastBeat, watched.Excused, watched.IsFailed) = (at, TimeSpan.Zero, false);
        return again;
    }

    /// <summary>Ends a life in order, which is no failure. A former life changes nothing.</summary>
    /// <returns>The end of its failure, if it had failed.</returns>
    public ActorAliveAgain? Unwatch(ActorName actor, long life, TimeSpan now)
    {
        if (Find(actor, life) is not { } watched)
        {
            return null;
        }

        _actors.Remove(actor);
        return watched.IsFailed ? AliveAgain(actor, watched, now, ActorRevival.Ended) : null;
    }

    /// <summary>Looks at all actors.</summary>
    /// <returns>Those that have failed and were not reported yet.</returns>
    public IReadOnlyList<ActorFailed> Look(ActorLook look, TimeSpan now)
    {
        Excuse(look, now);
        _lastLook = now;
        if (look != ActorLook.Judge)
        {
            return [];
        }

        var failed = new List<ActorFailed>();
        foreach (var (actor, watched) in _actors)
        {
            if (!watched.IsFailed && now - watched.LastBeat - watched.Excused > watched.Limit)
            {
                (watched.IsFailed, watched.Failures) = (true, watched.Failures + 1);
                failed.Add(new ActorFailed(
                    actor, watched.Life, watched.Failures, watched.LastBeat, now - watched.LastBeat, watched.Excused, watched.Limit, watched.Interval));
            }
        }

        return failed;
    }

    private void Excuse(ActorLook look, TimeSpan now)
    {
        var gap = now - (_lastLook ?? now);
        var late = gap - options.CheckInterval;
        var excused = look == ActorLook.Excuse || _wasExcusing ? gap : late > options.CheckInterval ? late : TimeSpan.Zero;
        _wasExcusing = look == ActorLook.Excuse; // the wait for the executor is part of the gap that the next look sees
        if (excused <= TimeSpan.Zero)
        {
            return;
        }

        foreach (var watched in _actors.Values)
        {
            // Of what was before its last heartbeat nothing is to be excused.
            var silence = now > watched.LastBeat ? now - watched.LastBeat : TimeSpan.Zero; // it may have beaten since this look began
            watched.Excused = watched.Excused + excused < silence ? watched.Excused + excused : silence;
        }
    }

    private Watched? Find(ActorName actor, long life) =>
        _actors.TryGetValue(actor, out var watched) && watched.Life == life ? watched : null;

    private static ActorAliveAgain AliveAgain(ActorName actor, Watched watched, TimeSpan at, ActorRevival how) =>
        new(actor, watched.Life, watched.Failures, at - watched.LastBeat, how);

    private sealed class Watched(long life, TimeSpan interval, TimeSpan limit)
    {
        public long Life { get; } = life;

        public TimeSpan Interval { get; } = interval;

        public TimeSpan Limit { get; } = limit;

        public TimeSpan LastBeat { get; set; }

        public TimeSpan Excused { get; set; }

        public bool IsFailed { get; set; }

        public int Failures { get; set; }
    }
}
