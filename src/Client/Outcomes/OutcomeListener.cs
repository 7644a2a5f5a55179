using FaultTolerance.Gateways;

namespace FaultTolerance.Outcomes;

/// <summary>Takes the outcomes that the cluster tells. Orleans holds it weakly; its session holds it for as long as it listens.</summary>
internal sealed class OutcomeListener(Action<IReadOnlyList<TaskOutcome>> take) : IOutcomeListener
{
    public Task OnOutcomesAsync(IReadOnlyList<TaskOutcome> outcomes)
    {
        take(outcomes);
        return Task.CompletedTask;
    }
}
