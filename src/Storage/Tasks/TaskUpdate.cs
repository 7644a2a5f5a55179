namespace FaultTolerance.Storage.Tasks;

/// <summary>Changes a row if it still is what the writer believes; otherwise does nothing.</summary>
/// <remarks>
/// The condition is the fence: phase, attempt and owner must be as given, and the token too where one is given. It looks at
/// the row itself and at nothing else. All of the fields under "becomes" are written.
/// </remarks>
public sealed record TaskUpdate : TaskWrite
{
    /// <summary>Creates the update of one row.</summary>
    public TaskUpdate(TaskId id, long token) => (Id, Token) = (id, token);

    /// <inheritdoc/>
    public override TaskId Id { get; }

    /// <inheritdoc/>
    public override long Token { get; }

    /// <summary>Gets the phase that the row must be in.</summary>
    public required TaskPhase IfPhase { get; init; }

    /// <summary>Gets the attempt that the row must be at.</summary>
    public required int IfAttempt { get; init; }

    /// <summary>Gets the owner that the row must have; none for a row without.</summary>
    public required NodeIncarnation IfOwner { get; init; }

    /// <summary>Gets the token that the row must carry; null for any.</summary>
    public long? IfToken { get; init; }

    /// <summary>Gets the phase that the row becomes.</summary>
    public required TaskPhase Phase { get; init; }

    /// <summary>Gets the attempt that the row becomes; never lower than before.</summary>
    public required int Attempt { get; init; }

    /// <summary>Gets the owner that the row becomes.</summary>
    public NodeIncarnation Owner { get; init; }

    /// <summary>Gets the time at which the row becomes due.</summary>
    public required DateTimeOffset Due { get; init; }

    /// <summary>Gets the log of attempts that the row becomes.</summary>
    public required byte[] Life { get; init; }

    /// <summary>Gets the result that the row becomes.</summary>
    public byte[]? Result { get; init; }

    /// <summary>Gets when the task became final; set if and only if <see cref="Phase"/> is final.</summary>
    public DateTimeOffset? Finished { get; init; }
}
