namespace FaultTolerance.Storage.GrainState;

/// <summary>One conditional write of one grain's state.</summary>
/// <param name="Key">The state's name, the grain's type and key in one string; at most 1,024 characters.</param>
/// <param name="IfToken">The token that the row must carry; null when there must be no row.</param>
/// <param name="Token">The token that the row carries after this write.</param>
/// <param name="State">The state; null clears it.</param>
public sealed record GrainStateWrite(string Key, long? IfToken, long Token, byte[]? State);
