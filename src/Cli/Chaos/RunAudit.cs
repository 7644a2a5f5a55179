using System.Text;
using FaultTolerance.Cli.Clusters;
using FaultTolerance.Cli.Live;
using FaultTolerance.Testing.Checking;
using Npgsql;

namespace FaultTolerance.Cli.Chaos;

/// <summary>What counts outcomes for one run on a cluster that goes on: it is in the cluster's store for as long as the run lasts.</summary>
/// <remarks>
/// Each run has a table of its own, so that it may go with the run whatever others do. A file in the cluster's folder names it, and is locked
/// while the run lives: what a run that was killed has left is thereby known to the next one, which removes it. The file holds the store's
/// kind and place: the folder's cluster may be on another store by then, from which nothing can be removed and all would seem to be.
/// </remarks>
internal sealed class RunAudit : IAsyncDisposable
{
    private const int Tries = 5;

    /// <summary>Longer than a try may hold up the cluster's writers, so that they have more than half of the time.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(3);

    private readonly FileStream _mark;
    private readonly LiveBoard _board;
    private readonly TimeProvider _timeProvider;

    private RunAudit(IOutcomeAudit counter, FileStream mark, LiveBoard board, TimeProvider timeProvider) =>
        (Counter, _mark, _board, _timeProvider) = (counter, mark, board, timeProvider);

    /// <summary>Gets what counts.</summary>
    public IOutcomeAudit Counter { get; }

    /// <summary>Installs it, and removes what dead runs have left.</summary>
    /// <param name="folder">The cluster's folder.</param>
    /// <param name="store">The cluster's store, which has its tables.</param>
    /// <param name="run">The run's own folder, by whose name its audit is told apart.</param>
    /// <param name="board">Is told what could not be removed.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="cancellationToken">Gives up; nothing is left behind.</param>
    public static async Task<RunAudit> InstallAsync(
        ClusterFolder folder, ClusterStore store, string run, LiveBoard board, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder.Audits);
        await RemoveOfTheDeadAsync(folder, store, board);
        var name = $"{IOutcomeAudit.DefaultName}_{PostgresClusterStore.SchemaOf(run)}";
        var mark = new FileStream(Path.Join(folder.Audits, name), FileMode.CreateNew, FileAccess.Write, FileShare.None);
        var audit = new RunAudit(store.AuditNamed(name), mark, board, timeProvider);
        try
        {
            await WriteAsync(mark, store.PlaceFrom(folder.Path)); // before there is anything in the store
            await audit.Counter.InstallAsync(cancellationToken);
            return audit;
        }
        catch
        {
            await audit.DisposeAsync();
            throw;
        }
    }

    /// <summary>Removes it from the store, however the run has ended. Who holds the store for a while is waited for.</summary>
    public async ValueTask DisposeAsync()
    {
        await using (_mark)
        {
            for (var failed = 1; await TryRemoveAsync(Counter, _mark.Name) is { } reason; failed++)
            {
                if (failed == Tries)
                {
                    TellLeft(_board, Counter, reason);
                    return;
                }

                if (failed == 1)
                {
                    _board.Add(TimelineKind.Step, $"the count of outcomes cannot be removed yet, and is tried again a few times: {reason}");
                }

                await Task.Delay(Pause, _timeProvider);
            }
        }
    }

    /// <summary>Tries each once: a run does not begin later for it, and the next one tries again.</summary>
    private static async Task RemoveOfTheDeadAsync(ClusterFolder folder, ClusterStore store, LiveBoard board)
    {
        foreach (var path in Directory.GetFiles(folder.Audits, $"{IOutcomeAudit.DefaultName}_*"))
        {
            await using var mark = TryHold(path);
            if (mark is null)
            {
                continue;
            }

            var (place, here) = (await ReadAsync(mark), store.PlaceFrom(folder.Path));
            var counter = store.AuditNamed(Path.GetFileName(path));
            if (place.Length > 0 && place != here) // an empty one: that run was killed before it had anything in a store
            {
                board.Add(
                    TimelineKind.Step,
                    $"the count of outcomes {Path.GetFileName(path)} of an earlier run is left alone: it is in another store ({place}), not in the cluster's present one ({here}). " +
                    $"A run on the cluster with that store removes it; where it is removed by hand, delete {path}, too");
            }
            else if (await TryRemoveAsync(counter, path) is { } reason)
            {
                TellLeft(board, counter, reason);
            }
        }
    }

    /// <summary>Takes a mark for this process alone; null while its run lives, or is over.</summary>
    private static FileStream? TryHold(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static async Task WriteAsync(FileStream mark, string place)
    {
        await mark.WriteAsync(Encoding.UTF8.GetBytes(place));
        mark.Flush(flushToDisk: true);
    }

    private static async Task<string> ReadAsync(FileStream mark)
    {
        using var reader = new StreamReader(mark, Encoding.UTF8, leaveOpen: true);
        return await reader.ReadToEndAsync();
    }

    /// <summary>Returns why it could not be removed; null when it is.</summary>
    private static async Task<string?> TryRemoveAsync(IOutcomeAudit counter, string mark)
    {
        try
        {
            await counter.RemoveAsync(CancellationToken.None); // also when the run was interrupted
            File.Delete(mark);
            return null;
        }
        catch (Exception exception) when (exception is OutcomeAuditException or NpgsqlException or IOException or UnauthorizedAccessException)
        {
            return exception.Message;
        }
    }

    private static void TellLeft(LiveBoard board, IOutcomeAudit counter, string reason) => board.Add(
        TimelineKind.Step,
        $"the count of outcomes is still in the store, where it costs each outcome a row: {reason} " +
        $"The next run on this cluster removes it, or you do, {counter.Removal}");
}
