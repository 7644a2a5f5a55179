using FaultTolerance.Gateways;

namespace FaultTolerance.Submits;

/// <summary>A submit that a caller waits for by itself.</summary>
internal sealed class SingleSubmit(TaskCall call, int size, TimeSpan deadline, bool hasChosenId) : Submit(call, size, deadline, hasChosenId)
{
    private readonly TaskCompletionSource<TaskId> _source = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<TaskId> Accepted => _source.Task;

    public override void Accept(TaskId id)
    {
        base.Accept(id);
        _source.TrySetResult(id);
    }

    public override void Fail(Exception failure)
    {
        base.Fail(failure);
        _source.TrySetException(failure);
    }
}
