namespace FaultTolerance.Storage.Tasks;

/// <summary>Asks for queued rows that are due; each one claimed starts an attempt.</summary>
/// <remarks>A claimed row is running, owned by <see cref="Owner"/>, with its attempt raised by one and its claim time set.</remarks>
public sealed record TaskClaim
{
    /// <summary>Gets the life of the node that claims.</summary>
    public required NodeIncarnation Owner { get; init; }

    /// <summary>Gets the token that each claimed row carries.</summary>
    public required long Token { get; init; }

    /// <summary>Gets how many rows to claim at the most.</summary>
    public required int Limit { get; init; }

    /// <summary>Gets the handlers that the node has, each as <c>name@version</c>; rows of others are left.</summary>
    public required IReadOnlyList<string> Handlers { get; init; }

    /// <summary>Gets the time before which no row is looked for: a low-water mark that spares the walk over dead index entries.</summary>
    public DateTimeOffset? DueFrom { get; init; }
}
