using FaultTolerance.Storage;
using FaultTolerance.Storage.Tasks;

namespace FaultTolerance.Bench.Rows;

/// <summary>The rows that the store and the drivers write: of the size of a real no-op task's.</summary>
internal static class StoreBatch
{
    /// <summary>Rows a batch.</summary>
    public const int Size = 500;

    /// <summary>Batches under way: as many as the store has lanes on PostgreSQL.</summary>
    public const int UnderWay = 2;

    /// <summary>The store that these rows share, so that their tables and indexes are the same.</summary>
    public const string Place = "rows";

    private static readonly byte[] Spec = new byte[96];
    private static readonly byte[] NewLife = new byte[16];

    /// <summary>The log of a task that ended at once.</summary>
    public static byte[] EndedLife { get; } = new byte[96];

    /// <summary>The result of such a task.</summary>
    public static byte[] Result { get; } = new byte[8];

    /// <summary>The owner of all rows.</summary>
    public static NodeIncarnation Owner { get; } = NodeIncarnation.New(TimeProvider.System.GetUtcNow(), 1);

    /// <summary>Makes new rows, in the order of their ids.</summary>
    public static TaskRow[] New(int number, Func<long> newToken)
    {
        var now = TimeProvider.System.GetUtcNow();
        var rows = new TaskRow[Size];
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i] = new TaskRow
            {
                Id = TaskId.New(TimeProvider.System),
                Phase = TaskPhase.Running,
                Attempt = 1,
                Owner = Owner,
                Token = newToken() + number,
                Due = now,
                Created = now,
                Claimed = now,
                Handler = "bench.echo@1",
                Spec = Spec,
                Life = NewLife,
            };
        }

        Array.Sort(rows, (left, right) => left.Id.CompareTo(right.Id));
        return rows;
    }
}
