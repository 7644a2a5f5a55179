namespace FaultTolerance;

/// <summary>Where a reader of failures has come to. Text to keep and to give back; what it says is the library's own.</summary>
/// <param name="Token">The text: letters, digits, <c>-</c> and <c>_</c>, 8,000 characters at the most and ordinarily fewer than a hundred.</param>
public sealed record FailurePosition(string Token)
{
    /// <summary>Gets the position before everything that is still recorded.</summary>
    public static FailurePosition Beginning { get; } = new("beginning");

    /// <inheritdoc/>
    public override string ToString() => Token;
}
