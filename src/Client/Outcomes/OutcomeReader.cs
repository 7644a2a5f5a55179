using FaultTolerance.Gateways;

namespace FaultTolerance.Outcomes;

/// <summary>Turns an outcome into the value that a caller asked for, or into the exception that says why there is none.</summary>
internal static class OutcomeReader
{
    // A large result takes longer on its way; it is the gateway's own limit for it.
    private static readonly TimeSpan ResultTimeout = TimeSpan.FromSeconds(10);

    public static async ValueTask<T> ReadAsync<T>(ClientCore core, ObjectRef<T> reference, TaskOutcome outcome, CancellationToken cancellationToken)
    {
        ThrowIfWithoutResult(reference.TaskId, outcome);
        var frame = outcome.Result ?? (typeof(T) == typeof(NoResult) ? [] : await FetchAsync(core, reference.TaskId, cancellationToken));
        try
        {
            return core.Results.Read<T>(frame, reference.Index);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            var which = reference.Index == ObjectRef.Whole ? "The result" : $"Element {reference.Index} of the result";
            throw new FaultToleranceException(
                $"{which} of task {reference.TaskId} cannot be read as {ParameterTypeName.Of(typeof(T))}: {exception.Message} " +
                "Ask for the type that the handler returns.",
                exception);
        }
    }

    private static void ThrowIfWithoutResult(TaskId id, TaskOutcome outcome)
    {
        if (outcome.IsUnknown)
        {
            throw new TaskUnknownException(id);
        }

        var failure = outcome.Failure ?? new TaskFailure { Kind = FailureKind.UserException, TaskId = id, Message = "No failure was recorded." };
        switch (outcome.Phase)
        {
            case TaskPhase.Failed:
                throw new TaskFailedException(failure);
            case TaskPhase.Cancelled:
                throw new TaskCancelledException(failure);
        }
    }

    private static async Task<byte[]> FetchAsync(ClientCore core, TaskId id, CancellationToken cancellationToken)
    {
        var outcome = await core.Calls.RepeatAsync(
            $"The result of task {id}", ResultTimeout, () => core.Calls.NextGateway().GetResultAsync(id), cancellationToken);
        if (outcome is not null)
        {
            ThrowIfWithoutResult(id, outcome);
        }

        return outcome?.Result ?? throw new FaultToleranceException(
            $"The result of task {id} is gone: the task was run again since it ended. Ask again.")
        {
            IsRetryable = true,
        };
    }
}
