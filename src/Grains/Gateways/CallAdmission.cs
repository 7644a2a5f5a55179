using FaultTolerance.Gateways;
using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Scheduling;
using FaultTolerance.Grains.Tasks;
using FaultTolerance.Storage;
using Microsoft.Extensions.Options;

namespace FaultTolerance.Grains.Gateways;

/// <summary>Looks at a call before anything is stored: is it whole, is there such a handler, do the arguments fit it, are the options within their bounds.</summary>
internal sealed class CallAdmission(HandlerSignatures signatures, NodeDirectory nodes, IDurableStore store, IOptions<TaskLimits> limits)
{
    /// <summary>How many handlers a rejection lists.</summary>
    private const int MaxListed = 20;

    /// <summary>Returns the task that the call asks for.</summary>
    /// <exception cref="SubmitRejectedException">The call cannot be accepted; the message says what to mend.</exception>
    public async ValueTask<NewTask> AdmitAsync(TaskCall? call)
    {
        if (CallShape.Error(call) is { } malformed)
        {
            throw new SubmitRejectedException(SubmitRejection.Malformed, $"The call is malformed: {malformed}") { TaskId = call?.Id ?? default };
        }

        var options = call!.Header.Options ?? SubmitOptions.Default;
        if (SubmitOptionsCheck.Errors(options) is { Count: > 0 } errors)
        {
            throw Rejection(call, SubmitRejection.InvalidOptions, $"The options of the call are out of their bounds: {string.Join(" ", errors)}");
        }

        var runsHere = await CheckHandlerAsync(call);
        var dependsOn = call.Arguments.SelectMany(argument => argument.Sources).Select(source => source.TaskId).Distinct().ToList();
        CheckSize(call, dependsOn.Count);
        return new NewTask(StateOf(call, options, dependsOn.Count > 0), dependsOn, options.IdempotencyKey, runsHere);
    }

    private void CheckSize(TaskCall call, int fanIn)
    {
        if (fanIn > limits.Value.MaxFanIn)
        {
            throw Rejection(call, SubmitRejection.TooLarge,
                $"The call takes the results of {fanIn:N0} tasks; at most {limits.Value.MaxFanIn:N0} are allowed (TaskLimits.MaxFanIn). Combine them in steps.");
        }

        var size = call.Arguments.Sum(argument => (long)argument.Value.Length);
        if (size > limits.Value.MaxArguments)
        {
            throw Rejection(call, SubmitRejection.TooLarge,
                $"The arguments take {size:N0} bytes; at most {limits.Value.MaxArguments:N0} are allowed (TaskLimits.MaxArguments). Pass a reference to the data instead, for instance a path.");
        }
    }

    private TaskState StateOf(TaskCall call, SubmitOptions options, bool isWaiting)
    {
        var now = store.Now;
        return new TaskState
        {
            Id = call.Id,
            Phase = isWaiting ? TaskPhase.Waiting : TaskPhase.Queued,
            Token = store.NewToken(),
            Created = now,
            Due = now + options.StartAfter,
            Deadline = now + options.Deadline,
            Spec = new TaskSpec
            {
                Handler = call.Header.Handler,
                Version = call.Header.Version,
                Arguments = call.Arguments,
                Retry = options.Retry,
                AttemptTimeout = options.AttemptTimeout,
                HeartbeatTimeout = options.HeartbeatTimeout,
                PendingTimeout = options.PendingTimeout,
                Session = call.Header.Session,
                Parent = call.Header.Parent,
                Detached = options.Detached,
                TraceParent = call.Header.TraceParent,
                StartAfter = options.StartAfter,
                Deadline = options.Deadline,
                IdempotencyKey = options.IdempotencyKey,
            },
        };
    }

    /// <summary>Returns whether the handler is this node's; false where only another node has it.</summary>
    /// <exception cref="SubmitRejectedException">No living node has it, or the call does not fit it.</exception>
    private async ValueTask<bool> CheckHandlerAsync(TaskCall call)
    {
        var header = call.Header;
        var key = TaskSpec.KeyOf(header.Handler, header.Version);
        if (signatures.Own(header.Handler, header.Version) is { } own)
        {
            CheckArguments(call, key, own);
            return true;
        }

        if (!signatures.IsKnown(key))
        {
            throw Rejection(call, SubmitRejection.UnknownHandler,
                $"No living silo has a handler {key}. There are: {KnownHandlers()}. Register the handler's class on a silo (AddTaskHandlers), or deploy its assembly.");
        }

        // A silo that does not answer now says nothing against the call: it is looked at once more where it runs.
        if (await signatures.AskAsync(key) is { } theirs)
        {
            CheckArguments(call, key, theirs);
        }

        return false;
    }

    private static void CheckArguments(TaskCall call, string key, IReadOnlyList<string> expected)
    {
        if (call.Arguments.Count != expected.Count)
        {
            throw Rejection(call, SubmitRejection.InvalidArguments,
                $"Handler {key} takes {expected.Count} arguments ({string.Join(", ", expected)}); the call has {call.Arguments.Count}. Client and silo have different builds of the handler: deploy the same, or raise its version.");
        }

        var given = call.Header.ParameterTypes;
        if (given.Count > 0 && !given.SequenceEqual(expected, StringComparer.Ordinal))
        {
            throw Rejection(call, SubmitRejection.InvalidArguments,
                $"Handler {key} takes ({string.Join(", ", expected)}); the call was made for ({string.Join(", ", given)}). Deploy the same build, or raise the handler's version.");
        }
    }

    private string KnownHandlers()
    {
        var known = nodes.Living.SelectMany(node => node.Info.Handlers).Concat(signatures.OwnKeys).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        var listed = string.Join(", ", known.Take(MaxListed));
        return known.Count switch
        {
            0 => "none",
            > MaxListed => $"{listed}, and {known.Count - MaxListed:N0} more",
            _ => listed,
        };
    }

    private static SubmitRejectedException Rejection(TaskCall call, SubmitRejection reason, string message) =>
        new(reason, message) { TaskId = call.Id };
}
