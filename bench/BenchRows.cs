using FaultTolerance.Bench.Clusters;
using FaultTolerance.Bench.Rows;

namespace FaultTolerance.Bench;

/// <summary>All rows, in groups: the rounds of a group are interleaved, so that its figures can be compared.</summary>
internal static class BenchRows
{
    /// <summary>Gets the groups, in the order in which they run. What fills a store with rows that stay comes last.</summary>
    public static IReadOnlyList<(string Title, IReadOnlyList<BenchRow> Rows)> Groups { get; } =
    [
        ("From submit to result, at a client outside of the cluster",
        [
            new SubmitRow(StoreKind.Postgres, SubmitLoad.Single),
            new SubmitRow(StoreKind.Postgres, SubmitLoad.Many),
            new SubmitRow(StoreKind.Sqlite, SubmitLoad.Single),
            new SubmitRow(StoreKind.Sqlite, SubmitLoad.Many),
            new GrainRow(writes: false, alone: false),
            new GrainRow(writes: true, alone: false),
            new HangfireRow(),
        ]),
        ("One at a time",
        [
            new SubmitRow(StoreKind.Postgres, SubmitLoad.Lone),
            new SubmitRow(StoreKind.Sqlite, SubmitLoad.Lone),
            new GrainRow(writes: false, alone: true),
            new GrainRow(writes: true, alone: true),
        ]),
        ("Retries", [new RetryRow(StoreKind.Postgres), new RetryRow(StoreKind.Sqlite)]),
        ("The store alone, beside its driver alone",
        [
            new StoreRow(StoreKind.Postgres),
            new PostgresDriverRow(),
            new StoreRow(StoreKind.Sqlite),
            new SqliteDriverRow(),
        ]),
        ("The client alone", [new LambdaRow()]),
        ("Memory", [new QueuedRow(StoreKind.Postgres)]),
    ];

    /// <summary>Gets all rows.</summary>
    public static IEnumerable<BenchRow> All => Groups.SelectMany(group => group.Rows);
}
