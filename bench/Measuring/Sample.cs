namespace FaultTolerance.Bench.Measuring;

/// <summary>What one round of a row has measured.</summary>
/// <param name="Value">The figure, in the row's unit.</param>
/// <param name="Processor">The processor time for each operation, in microseconds.</param>
internal readonly record struct Sample(double Value, ProcessorTime Processor);
