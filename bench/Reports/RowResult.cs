using FaultTolerance.Bench.Measuring;

namespace FaultTolerance.Bench.Reports;

/// <summary>What the rounds of a row have come to.</summary>
/// <param name="Name">The row's name.</param>
/// <param name="Title">What was measured.</param>
/// <param name="Unit">The unit of the figures.</param>
/// <param name="Samples">The rounds.</param>
internal sealed record RowResult(string Name, string Title, string Unit, IReadOnlyList<Sample> Samples)
{
    public double Median => Statistics.Median([.. Samples.Select(sample => sample.Value)]);

    public double Least => Samples.Min(sample => sample.Value);

    public double Most => Samples.Max(sample => sample.Value);

    /// <summary>Gets the processor time for each operation in microseconds: the median of each part.</summary>
    public ProcessorTime Processor => new(
        Statistics.Median([.. Samples.Select(sample => sample.Processor.Client)]),
        Statistics.Median([.. Samples.Select(sample => sample.Processor.Silos)]),
        Statistics.Median([.. Samples.Select(sample => sample.Processor.Server)]));
}
