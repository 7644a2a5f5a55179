using FaultTolerance.Cli.Clusters;
using FaultTolerance.Cli.Live;
using FaultTolerance.Testing.Checking;
using Npgsql;

namespace FaultTolerance.Cli.Chaos;

/// <summary>What counts outcomes for one run on a cluster that goes on: it is in the cluster's store for as long as the run lasts.</summary>
/// <remarks>
/// Each run has a table of its own, so that it may go with the run whatever others do. A file in the cluster's folder names it, and is locked
/// while the run lives: what a run that was killed has left is thereby known to the next one, which removes it.
/// </remarks>
internal sealed class RunAudit : IAsyncDisposable
{
    private readonly FileStream _mark;
    private readonly LiveBoard _board;

    private RunAudit(IOutcomeAudit counter, FileStream mark, LiveBoard board) => (Counter, _mark, _board) = (counter, mark, board);

    /// <summary>Gets what counts.</summary>
    public IOutcomeAudit Counter { get; }

    /// <summary>Installs it, and removes what dead runs have left.</summary>
    /// <param name="folder">The cluster's folder.</param>
    /// <param name="store">The cluster's store, which has its tables.</param>
    /// <param name="run">The run's own folder, by whose name its audit is told apart.</param>
    /// <param name="board">Is told what could not be removed.</param>
    /// <param name="cancellationToken">Gives up; nothing is left behind.</param>
    public static async Task<RunAudit> InstallAsync(ClusterFolder folder, ClusterStore store, string run, LiveBoard board, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder.Audits);
        await RemoveOfTheDeadAsync(folder, store, board);
        var name = $"{IOutcomeAudit.DefaultName}_{PostgresClusterStore.SchemaOf(run)}";
        var mark = new FileStream(Path.Join(folder.Audits, name), FileMode.CreateNew, FileAccess.Write, FileShare.None);
        var audit = new RunAudit(store.AuditNamed(name), mark, board);
        try
        {
            await audit.Counter.InstallAsync(cancellationToken);
            return audit;
        }
        catch
        {
            await audit.DisposeAsync();
            throw;
        }
    }

    /// <summary>Removes it from the store, however the run has ended.</summary>
    public async ValueTask DisposeAsync()
    {
        await using (_mark)
        {
            await RemoveAsync(Counter, _mark.Name, _board);
        }
    }

    private static async Task RemoveOfTheDeadAsync(ClusterFolder folder, ClusterStore store, LiveBoard board)
    {
        foreach (var path in Directory.GetFiles(folder.Audits, $"{IOutcomeAudit.DefaultName}_*"))
        {
            await using var mark = TryHold(path);
            if (mark is not null)
            {
                await RemoveAsync(store.AuditNamed(Path.GetFileName(path)), path, board);
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

    private static async Task RemoveAsync(IOutcomeAudit counter, string mark, LiveBoard board)
    {
        try
        {
            await counter.RemoveAsync(CancellationToken.None); // also when the run was interrupted
            File.Delete(mark);
        }
        catch (Exception exception) when (exception is OutcomeAuditException or NpgsqlException or IOException or UnauthorizedAccessException)
        {
            board.Add(TimelineKind.Step, $"the count of outcomes is still in the store, and is removed by the next run: {exception.Message}");
        }
    }
}
