using FaultTolerance.Bench.Measuring;
using FaultTolerance.Bench.Reports;
using FaultTolerance.Bench.Rows;

namespace FaultTolerance.Bench;

/// <summary>Runs the rows that were asked for, one group after another, a group's rounds interleaved.</summary>
internal sealed class BenchRun(BenchOptions options, TextWriter output, TextWriter progress)
{
    /// <summary>Rounds that are not counted: until they are over, the processes compile their own code.</summary>
    private const int WarmUps = 3;

    /// <exception cref="BenchException">A row cannot run, or gave a wrong result.</exception>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var load = Surroundings.Load();
        var results = new List<(string Title, IReadOnlyList<RowResult> Rows)>();
        await using var lab = new BenchLab(options.Silos);
        foreach (var (title, all) in BenchRows.Groups)
        {
            var rows = all.Where(row => options.Only.Count == 0 || options.Only.Any(name => BenchCommand.IsMeant(row.Name, name))).ToList();
            if (rows.Count > 0)
            {
                results.Add((title, await MeasureAsync(rows, lab, cancellationToken)));
            }
        }

        var surroundings = await Surroundings.ReadAsync(lab, options, load);
        await output.WriteLineAsync(options.Json ? JsonReport.Write(surroundings, results) : TextReport.Write(surroundings, results));
        return 0;
    }

    private async Task<IReadOnlyList<RowResult>> MeasureAsync(List<BenchRow> rows, BenchLab lab, CancellationToken cancellationToken)
    {
        var samples = rows.ToDictionary(row => row, _ => new List<Sample>());
        foreach (var row in rows)
        {
            await progress.WriteLineAsync($"starts    {row.Name}");
            await row.StartAsync(lab, cancellationToken);
        }

        var (warmUps, rounds, size) = options.Quick ? (0, 1, RoundSize.Quick) : (WarmUps, options.Rounds, RoundSize.Full);
        for (var round = -warmUps; round < rounds; round++)
        {
            foreach (var row in rows)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var sample = await row.MeasureAsync(size);
                await progress.WriteLineAsync($"{(round < 0 ? "warms up" : $"round {round + 1,2}")}  {row.Name,-18} {Figures.Text(sample.Value),10} {row.Unit}");
                if (round >= 0)
                {
                    samples[row].Add(sample);
                }
            }
        }

        return [.. rows.Select(row => new RowResult(row.Name, row.Title, row.Unit, samples[row]))];
    }
}
