namespace FaultTolerance.Bench.Reference;

/// <inheritdoc cref="INewcomerGrain"/>
internal sealed class NewcomerGrain : Grain, INewcomerGrain
{
    public Task<int> EchoAsync(int number) => Task.FromResult(number);
}
