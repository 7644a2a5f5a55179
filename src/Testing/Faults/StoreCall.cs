namespace FaultTolerance.Testing;

/// <summary>One call to an engine.</summary>
/// <param name="Operation">The name of the engine's method.</param>
/// <param name="Write">The number of the call among the engine's writes, from 1; 0 for a call that only reads.</param>
/// <param name="Rows">How many rows a batch holds; 1 for any other call.</param>
public readonly record struct StoreCall(string Operation, long Write, int Rows)
{
    /// <summary>Gets a value indicating whether the call may change something.</summary>
    public bool IsWrite => Write > 0;
}
