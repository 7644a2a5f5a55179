namespace FaultTolerance.Architecture.Tests.Contracts;

/// <summary>A grain as it must not be.</summary>
public sealed class UnnamedGrain : Grain, IUnnamed
{
    public Task CallAsync(int number) => Task.CompletedTask;
}
