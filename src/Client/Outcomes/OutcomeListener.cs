using FaultTolerance.Gateways;

namespace FaultTolerance.Outcomes;

/// <summary>Takes the outcomes that the cluster tells. Orleans holds it weakly; its session holds it for as long as it listens.</summary>
internal sealed class OutcomeListener(OutcomeTable table, Action onNews) : IOutcomeListener
{
    public Task OnOutcomesAsync(IReadOnlyList<TaskOutcome> outcomes)
    {
        table.Arrived(outcomes);
        onNews();
        return Task.CompletedTask;
    }
}
