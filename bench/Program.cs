using FaultTolerance.Bench;
using FaultTolerance.Bench.Clusters;
using FaultTolerance.Bench.Rows;

var silos = int.Parse(Environment.GetEnvironmentVariable("SILOS") ?? "3");
var rounds = int.Parse(Environment.GetEnvironmentVariable("ROUNDS") ?? "3");
BenchRow[] rows = [.. from store in new[] { StoreKind.Postgres, StoreKind.Sqlite } from load in Enum.GetValues<TaskLoad>() select new TaskRow(store, load)];
rows = [.. rows.Where(row => args.Length == 0 || args.Any(arg => row.Name.Contains(arg, StringComparison.Ordinal)))];
await using var lab = new BenchLab(silos);
foreach (var row in rows)
{
    await row.StartAsync(lab, default);
    await row.MeasureAsync(RoundSize.Quick);
}

for (var round = 0; round < rounds; round++)
{
    foreach (var row in rows)
    {
        var s = await row.MeasureAsync(RoundSize.Full);
        Console.WriteLine($"{row.Name,-20} {s.Value,10:F1} {row.Unit,-8} cpu us: client {s.Processor.Client:F0} silos {s.Processor.Silos:F0} server {s.Processor.Server:F0} total {s.Processor.Total:F0}");
    }
}
return 0;
