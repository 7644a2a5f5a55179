namespace FaultTolerance.Storage.Events;

/// <summary>Something out of the ordinary that happened, recorded once under its key.</summary>
public sealed record EventRow
{
    /// <summary>Gets the name under which it is recorded once, for instance <c>node/18f3…</c>; at most 512 characters.</summary>
    public required string Key { get; init; }

    /// <summary>Gets what kind of event it is, for instance <c>incident</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Gets when it was recorded. Set by the store.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>Gets the token of its newest writer.</summary>
    public long Token { get; init; }

    /// <summary>Gets its details, serialized.</summary>
    public byte[] Body { get; init; } = [];
}
