using FaultTolerance.Storage.Tasks;

namespace FaultTolerance.Grains.Scheduling;

/// <summary>What became of one call that came in.</summary>
/// <param name="Written">What the store answered.</param>
/// <param name="Refusal">Why the task cannot be stored at all; null where it can, and the store has answered.</param>
internal readonly record struct CallAnswer(TaskWriteResult Written, Exception? Refusal = null)
{
    /// <summary>Whether the task was inserted.</summary>
    public bool IsAccepted => Refusal is null && Written.IsApplied;

    /// <summary>Returns the rejection of a call that cannot be stored.</summary>
    public static SubmitRejectedException RejectionOf(Exception refusal) => refusal as SubmitRejectedException ??
        new SubmitRejectedException(SubmitRejection.NotStorable, $"The store cannot hold the task: {refusal.Message}", refusal);
}
