namespace FaultTolerance;

/// <summary>How far one handler of failures has come with an incident.</summary>
/// <param name="Handler">The name of the handler.</param>
/// <param name="Tries">How often it was called, as far as the answer was recorded.</param>
/// <param name="DoneAt">When it had done its part, in the store's time; null before, and for good when it was given up.</param>
/// <param name="Error">What it threw last; null when nothing.</param>
/// <param name="IsGivenUp">Whether it failed so often that it is not called again.</param>
[GenerateSerializer, Immutable, Alias("ft.IncidentFollowUp")]
public sealed record IncidentFollowUp(
    [property: Id(0)] string Handler,
    [property: Id(1)] int Tries,
    [property: Id(2)] DateTimeOffset? DoneAt,
    [property: Id(3)] string? Error,
    [property: Id(4)] bool IsGivenUp)
{
    /// <summary>Gets a value indicating whether the handler is not called for this incident any more.</summary>
    public bool IsOver => DoneAt is not null || IsGivenUp;
}
