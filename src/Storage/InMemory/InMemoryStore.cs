using FaultTolerance.Storage.Engines;

namespace FaultTolerance.Storage.InMemory;

/// <summary>Makes stores that live in this process and end with it: for tests and simulations only.</summary>
public static class InMemoryStore
{
    /// <summary>Makes an empty engine.</summary>
    /// <remarks>
    /// It is deterministic: each call is done when it returns, in the order of the calls, and the store's time is that of the
    /// given provider. What it holds outlives the stores and silos opened on it: disposing of it does nothing.
    /// </remarks>
    /// <param name="timeProvider">The clock whose time is the store's.</param>
    public static IStorageEngine CreateEngine(TimeProvider timeProvider) => new InMemoryEngine(timeProvider);
}
