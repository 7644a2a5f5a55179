namespace FaultTolerance.Bench.Reference;

/// <summary>A grain without state, called once: what an activation and a call cost by themselves.</summary>
[Alias("bench.INewcomerGrain")]
internal interface INewcomerGrain : IGrainWithGuidKey
{
    /// <summary>Gives the number back.</summary>
    [Alias("EchoAsync")]
    Task<int> EchoAsync(int number);
}
