using FaultTolerance.Bench.Measuring;

namespace FaultTolerance.Bench.Rows;

/// <summary>One row of the table: a way to do something many times, measured in rounds.</summary>
internal abstract class BenchRow
{
    /// <summary>Gets the name that <c>--only</c> takes.</summary>
    public abstract string Name { get; }

    /// <summary>Gets what is measured, for people.</summary>
    public abstract string Title { get; }

    /// <summary>Gets the unit of the figure.</summary>
    public abstract string Unit { get; }

    /// <summary>Gets ready. Called once, before the first round.</summary>
    public abstract Task StartAsync(BenchLab lab, CancellationToken cancellationToken);

    /// <summary>Measures one round.</summary>
    /// <exception cref="BenchException">A result is wrong.</exception>
    public abstract Task<Sample> MeasureAsync(RoundSize size);
}
