using FaultTolerance.Grains.Tasks;
using FaultTolerance.Storage.Tasks;

namespace FaultTolerance.Testing.Simulation;

/// <summary>Reads what each cause has cost a task from its row, and compares it with what the task was granted.</summary>
internal sealed class TaskBudgets(TaskRowCodec codec, Func<TaskId, TaskRetryPolicy> policyOf)
{
    private static readonly FailureKind[] Granted =
        [FailureKind.UserException, FailureKind.Timeout, FailureKind.Crash, FailureKind.NodeLost, FailureKind.OutOfMemory];

    /// <summary>Returns what was overspent, in a sentence; null where all is within its budget.</summary>
    public string? FindOverspent(TaskRow row)
    {
        var (life, policy) = (codec.ReadLife(row), policyOf(row.Id));
        foreach (var kind in Granted)
        {
            var budget = RetryDelay.BudgetOf(policy, kind);
            if (budget != TaskRetryPolicy.Unlimited && RetryDelay.UsedOf(life, kind) > budget)
            {
                return $"A task was tried again {RetryDelay.UsedOf(life, kind)} times for {kind}, of which {budget} are granted.";
            }
        }

        return null;
    }
}
