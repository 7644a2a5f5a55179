using FaultTolerance.Cli.Live;
using FaultTolerance.Grains.Nodes;
using FaultTolerance.Testing.Chaos;
using FaultTolerance.Testing.Checking;

namespace FaultTolerance.Cli.Chaos;

/// <summary>One chaos run on a cluster that stands: the load, the faults, the check.</summary>
/// <param name="ground">The cluster.</param>
/// <param name="board">Is shown.</param>
/// <param name="timeProvider">The clock.</param>
internal sealed class ChaosRun(ChaosGround ground, LiveBoard board, TimeProvider timeProvider)
{
    private static readonly TimeSpan Rest = TimeSpan.FromMinutes(3);

    /// <summary>Carries out a plan.</summary>
    public async Task<ChaosResult> RunAsync(IReadOnlyList<ChaosFault> plan, int seed, NodeProfile profile, CancellationToken cancellationToken)
    {
        var start = board.Elapsed;
        board.CountFaults(0, plan.Count);
        var monkey = new ChaosMonkey(ground.Site, new ChaosTold(board, plan.Count), ChaosProfiles.Tolerance(profile), timeProvider);
        if (await monkey.FindWrongAsync(cancellationToken) is { } wrong)
        {
            throw new UsageException($"The cluster is not whole, so that nothing can be said of what follows a fault: {wrong}. Start what is missing (a local cluster: ft cluster stop, then ft cluster start).");
        }

        var load = new ChaosLoad(ground.Client, ground.Journal, timeProvider);
        await TryAsync(load, cancellationToken);
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var stream = load.RunAsync(stopping.Token, giveUp.Token);
        IReadOnlyList<ChaosRecord> records;
        try
        {
            records = await monkey.RunAsync(plan, cancellationToken);
        }
        catch
        {
            await giveUp.CancelAsync(); // there is no report for which anything under way would have to end
            throw;
        }
        finally
        {
            await stopping.CancelAsync();
        }

        board.Add(TimelineKind.Step, $"no more faults; waiting for the rest of {ground.Journal.Count:N0} acknowledged tasks");
        giveUp.CancelAfter(Rest);
        await EndAsync(stream, cancellationToken);
        await load.SettleAsync(Rest, cancellationToken);
        var result = await CheckAsync(records, load, seed, board.Elapsed - start, cancellationToken);
        return result with { LateDeaths = await monkey.JudgeRestAsync(cancellationToken) }; // last of all: whoever died in the rest is to be found
    }

    private static async Task TryAsync(ChaosLoad load, CancellationToken cancellationToken)
    {
        try
        {
            await load.TryAsync(cancellationToken);
        }
        catch (SubmitRejectedException exception)
        {
            throw new UsageException($"The cluster does not take the load's tasks: {exception.Message} Start it with the samples' handlers (ft cluster start without --handlers).", exception);
        }
    }

    /// <summary>Waits for the stream. What it could not get in time is for the checker to judge.</summary>
    private static async Task EndAsync(Task stream, CancellationToken cancellationToken)
    {
        try
        {
            await stream;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return;
        }
    }

    private async Task<ChaosResult> CheckAsync(
        IReadOnlyList<ChaosRecord> records, ChaosLoad load, int seed, TimeSpan elapsed, CancellationToken cancellationToken)
    {
        board.Add(TimelineKind.Step, "looking up each of them in the store");
        var tasks = ground.Journal.ToList();
        var report = await new InvariantsChecker(ground.Site.Store, ground.Audit, ground.Serializer).CheckAsync(tasks, cancellationToken);
        var denied = load.FindDenied(report);
        var deadly = records.SelectMany(record => record.Struck).Where(strike => strike.Detection is not null).ToList();
        return new ChaosResult
        {
            Seed = seed,
            Tasks = report,
            Faults = records,
            Restarts = await RestartTimes.ReadAsync(ground.Site.Store, ground.Serializer, tasks, deadly, cancellationToken),
            WrongResults = load.Wrong + denied.Count,
            DeniedResults = denied,
            LeakedSlots = await new SlotWatch(ground.Site, timeProvider).CountHeldAsync(cancellationToken),
            Elapsed = elapsed,
        };
    }
}
