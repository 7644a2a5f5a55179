namespace FaultTolerance;

/// <summary>The result of a handler that returns nothing.</summary>
public readonly record struct NoResult;
