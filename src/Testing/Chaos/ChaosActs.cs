namespace FaultTolerance.Testing.Chaos;

/// <summary>Does faults to a cluster, and heals what it has done, whatever comes between.</summary>
internal sealed class ChaosActs(IChaosSite site, TimeProvider timeProvider)
{
    /// <summary>How long attempts may go on when a drain is ordered.</summary>
    public static readonly TimeSpan DrainWithin = TimeSpan.FromSeconds(2);

    /// <summary>Does it, waits for what is to follow where the fault lasts until then, and heals.</summary>
    /// <param name="fault">What to do.</param>
    /// <param name="struck">To whom.</param>
    /// <param name="follow">Waits for what is to follow; false when it did not in time.</param>
    /// <param name="cancellationToken">Ends it before its time; it is healed all the same.</param>
    public Task<ChaosEnd> RunAsync(ChaosFault fault, IReadOnlyList<ChaosStrike> struck, Func<Task<bool>> follow, CancellationToken cancellationToken) => fault.Kind switch
    {
        ChaosKind.Kill or ChaosKind.KillMost or ChaosKind.KillAll or ChaosKind.KillDetector => KillAsync(struck, follow),
        ChaosKind.PauseShort or ChaosKind.PauseAround => PauseAsync(struck[0].Node, fault.Length, cancellationToken),
        ChaosKind.PauseLong => FreezeAsync(struck[0].Node, follow),
        ChaosKind.Terminate => LeaveAsync(struck[0], () => Task.FromResult(site.Terminate(struck[0].Node)), follow, cancellationToken),
        ChaosKind.Drain => LeaveAsync(struck[0], () => site.DrainAsync(struck[0].Incarnation, cancellationToken), follow, cancellationToken),
        ChaosKind.StoreStop or ChaosKind.StoreFreeze or ChaosKind.StoreRestart => TakeStoreAsync(fault, cancellationToken),
        ChaosKind.NetworkLoss or ChaosKind.NetworkBlackout => DisturbAsync(fault, struck, cancellationToken),
        _ => CutAsync(fault, struck, follow),
    };

    private async Task<ChaosEnd> KillAsync(IReadOnlyList<ChaosStrike> struck, Func<Task<bool>> follow)
    {
        foreach (var strike in struck)
        {
            site.Kill(strike.Node);
        }

        return new ChaosEnd(await follow());
    }

    private async Task<ChaosEnd> PauseAsync(string node, TimeSpan length, CancellationToken cancellationToken)
    {
        var start = timeProvider.GetTimestamp();
        var (holdsLock, isThere) = (false, false);
        var isPaused = site.Pause(node);
        try
        {
            holdsLock = isPaused && site.HoldsLock(node); // at once: those who wait for the lock may end it at any time
            await Task.Delay(length, timeProvider, cancellationToken);
        }
        finally
        {
            isThere = site.Resume(node);
        }

        return new ChaosEnd(HasFollowed: true, timeProvider.GetElapsedTime(start), WasEnded: holdsLock && !isThere);
    }

    private async Task<ChaosEnd> FreezeAsync(string node, Func<Task<bool>> follow)
    {
        site.Pause(node);
        try
        {
            return new ChaosEnd(await follow());
        }
        finally
        {
            site.Resume(node);
        }
    }

    private async Task<ChaosEnd> LeaveAsync(ChaosStrike strike, Func<Task> ask, Func<Task<bool>> follow, CancellationToken cancellationToken)
    {
        await ask();
        var hasLeft = await follow();
        if (hasLeft)
        {
            await site.StartAgainAsync(strike.Node, cancellationToken);
        }

        return new ChaosEnd(hasLeft);
    }

    private async Task<ChaosEnd> TakeStoreAsync(ChaosFault fault, CancellationToken cancellationToken)
    {
        try
        {
            await site.TakeStoreAsync(fault.Kind);
            await Task.Delay(fault.Length, timeProvider, cancellationToken);
        }
        finally
        {
            await site.GiveStoreAsync(fault.Kind);
        }

        return new ChaosEnd(HasFollowed: true);
    }

    private async Task<ChaosEnd> CutAsync(ChaosFault fault, IReadOnlyList<ChaosStrike> struck, Func<Task<bool>> follow)
    {
        try
        {
            await Task.WhenAll(struck.Select(strike => site.FailNetworkAsync(strike.Node, fault.Network!)));
            return new ChaosEnd(await follow());
        }
        finally
        {
            await site.HealNetworkAsync();
        }
    }

    private async Task<ChaosEnd> DisturbAsync(ChaosFault fault, IReadOnlyList<ChaosStrike> struck, CancellationToken cancellationToken)
    {
        var start = timeProvider.GetTimestamp();
        await CutAsync(fault, struck, async () =>
        {
            await Task.Delay(fault.Length, timeProvider, cancellationToken);
            return true;
        });
        return new ChaosEnd(HasFollowed: true, timeProvider.GetElapsedTime(start));
    }
}
