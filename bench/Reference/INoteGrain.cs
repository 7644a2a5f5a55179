namespace FaultTolerance.Bench.Reference;

/// <summary>A grain that writes its state once: what a durable call costs by Orleans' own means.</summary>
[Alias("bench.INoteGrain")]
internal interface INoteGrain : IGrainWithGuidKey
{
    /// <summary>Stores the number and gives it back.</summary>
    [Alias("WriteAsync")]
    Task<int> WriteAsync(int number);
}
