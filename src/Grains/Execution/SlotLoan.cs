using FaultTolerance.Grains.Scheduling;

namespace FaultTolerance.Grains.Execution;

/// <summary>Lends the slot of an attempt while its handler waits for other tasks, so that these can run in it.</summary>
/// <remarks>A handler may wait for several at a time: the first wait lends the slot, the end of the last takes it back.</remarks>
internal sealed class SlotLoan(TaskId task, int attempt, Action<PipelineEvent> post)
{
    private readonly Lock _lock = new();
    private int _waits;

    /// <summary>Waits for something with the slot lent.</summary>
    public async Task<T> DuringAsync<T>(Task<T> wait)
    {
        if (wait.IsCompleted)
        {
            return await wait;
        }

        Change(+1);
        try
        {
            return await wait;
        }
        finally
        {
            Change(-1);
        }
    }

    // The events are posted under the lock, or the end of one wait and the start of the next could come in the wrong order.
    private void Change(int by)
    {
        lock (_lock)
        {
            var isLent = _waits > 0;
            _waits += by;
            if (isLent != _waits > 0)
            {
                post(new SlotLoanChanged(task, attempt, _waits > 0));
            }
        }
    }
}
