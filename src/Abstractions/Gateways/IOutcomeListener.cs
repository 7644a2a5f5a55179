namespace FaultTolerance.Gateways;

/// <summary>The client's end of its session.</summary>
[Alias("ft.IOutcomeListener")]
public interface IOutcomeListener : IGrainObserver
{
    /// <summary>Takes outcomes; returning acknowledges them. The same outcome may come more than once.</summary>
    [Alias("OnOutcomes"), ResponseTimeout("00:00:03")]
    Task OnOutcomesAsync(IReadOnlyList<TaskOutcome> outcomes);
}
