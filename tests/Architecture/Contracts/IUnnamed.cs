namespace FaultTolerance.Architecture.Tests.Contracts;

/// <summary>A contract as it must not be.</summary>
public interface IUnnamed : IGrainWithGuidKey
{
    Task CallAsync(int number);
}
