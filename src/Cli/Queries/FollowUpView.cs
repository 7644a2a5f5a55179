namespace FaultTolerance.Cli.Queries;

/// <summary>How far a handler of failures has come with an incident, in JSON. The fields are a contract.</summary>
internal sealed record FollowUpView(string Handler, int Tries, DateTimeOffset? DoneAt, string? Error, bool IsGivenUp)
{
    public static FollowUpView Of(IncidentFollowUp done) => new(done.Handler, done.Tries, done.DoneAt, done.Error, done.IsGivenUp);
}
