namespace FaultTolerance.Grains.History;

/// <summary>What is called when for an incident, and what is written about it, as pure functions.</summary>
internal static class FollowUpPlan
{
    /// <summary>The most characters of an error that are kept.</summary>
    public const int MaxError = 500;

    /// <summary>How far the delay after a failure is doubled.</summary>
    private const int MaxDoublings = 8;

    /// <summary>Returns how important a thing is whose failure waits for something; the smallest comes first.</summary>
    public static int Rank(FailedEntity entity) => entity switch
    {
        FailedEntity.Node => 0,
        FailedEntity.Storage => 1,
        FailedEntity.Actor => 2,
        FailedEntity.Object => 3,
        FailedEntity.Task => 4,
        _ => 5,
    };

    /// <summary>Whether a handler is still to be called for an incident.</summary>
    public static bool IsOwed(FailureHandlerEntry handler, IncidentSnapshot incident) =>
        handler.Takes(incident.Entity) && Find(incident, handler.Name) is not { IsOver: true };

    /// <summary>Returns the incident after a handler was called.</summary>
    /// <param name="incident">The incident.</param>
    /// <param name="handler">The handler's name.</param>
    /// <param name="error">Why it failed; null when it did not.</param>
    /// <param name="maxTries">How often it may fail.</param>
    /// <param name="now">The store's time.</param>
    public static IncidentSnapshot Record(IncidentSnapshot incident, string handler, string? error, int maxTries, DateTimeOffset now)
    {
        var former = Find(incident, handler) ?? new IncidentFollowUp(handler, 0, null, null, false);
        if (former.IsOver)
        {
            return incident;
        }

        var tries = former.Tries + 1;
        var next = error is null
            ? former with { Tries = tries, DoneAt = now, Error = null }
            : former with { Tries = tries, Error = error.Length <= MaxError ? error : error[..MaxError], IsGivenUp = tries >= maxTries };
        return incident with { FollowUps = [.. incident.FollowUps.Where(done => done.Handler != handler), next] };
    }

    /// <summary>Returns how long to wait after the n-th failure of a handler, counted from 1.</summary>
    public static TimeSpan Delay(TimeSpan first, int failures) => first * (1 << Math.Clamp(failures - 1, 0, MaxDoublings));

    public static IncidentFollowUp? Find(IncidentSnapshot incident, string handler) => incident.FollowUps.FirstOrDefault(done => done.Handler == handler);
}
