using FaultTolerance.Gateways;
using FaultTolerance.Grains.Tasks;

namespace FaultTolerance.Grains.Scheduling;

/// <summary>How much room an outcome takes in a message.</summary>
internal static class OutcomeSize
{
    private const int Fixed = 64;

    /// <summary>Returns roughly how many bytes an outcome takes.</summary>
    public static int Of(TaskOutcome outcome) => Fixed + (outcome.Result?.Length ?? 0) + FailureBounds.SizeOf(outcome.Failure);
}
