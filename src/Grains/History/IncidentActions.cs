namespace FaultTolerance.Grains.History;

/// <summary>Keeps the list of what was done about an incident within its bounds, as pure functions.</summary>
internal static class IncidentActions
{
    /// <summary>How many actions an incident keeps.</summary>
    public const int MaxKept = 40;

    /// <summary>How many of the first are kept, whatever comes after: they tell how it began.</summary>
    public const int FirstKept = 10;

    /// <summary>Returns the incident with one more action.</summary>
    public static IncidentSnapshot With(this IncidentSnapshot incident, DateTimeOffset at, string what, string by)
    {
        IReadOnlyList<IncidentAction> actions = [.. incident.Actions, new IncidentAction(at, what, by)];
        return actions.Count <= MaxKept
            ? incident with { Actions = actions }
            : incident with
            {
                Actions = [.. actions.Take(FirstKept), .. actions.TakeLast(MaxKept - FirstKept)],
                OmittedActions = incident.OmittedActions + actions.Count - MaxKept,
            };
    }
}
