namespace FaultTolerance.Architecture.Tests;

/// <summary>One <c>ProjectReference</c>: the folder it points to, and whether that project's types become visible.</summary>
internal sealed record ProjectReference(string Target, bool IsLinked);
