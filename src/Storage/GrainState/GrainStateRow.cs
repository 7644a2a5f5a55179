namespace FaultTolerance.Storage.GrainState;

/// <summary>The stored state of one grain.</summary>
/// <param name="Token">The random number of its newest writer: the etag.</param>
/// <param name="State">The state, serialized; null when it was cleared.</param>
public sealed record GrainStateRow(long Token, byte[]? State);
