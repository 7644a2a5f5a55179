using FaultTolerance;

namespace SteadyLoad;

/// <summary>Small tasks whose results are known beforehand: a load under which a cluster can be watched while faults are done to it.</summary>
public sealed class LoadTasks
{
    /// <summary>Takes its time, and adds one.</summary>
    [TaskHandler("load.work", Version = 1)]
    public async Task<int> Work(int value, int milliseconds, CancellationToken cancellationToken)
    {
        await Task.Delay(TimeSpan.FromMilliseconds(milliseconds), TimeProvider.System, cancellationToken);
        return value + 1;
    }

    /// <summary>Fails on its first attempt, and adds one on each later one.</summary>
    [TaskHandler("load.flaky", Version = 1)]
    public int Flaky(int value, TaskContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Attempt > 1 ? value + 1 : throw new InvalidOperationException("The first attempt fails, as it is meant to.");
    }

    /// <summary>Adds up.</summary>
    [TaskHandler("load.sum", Version = 1)]
    public int Sum(int[] values) => values.Sum();
}
