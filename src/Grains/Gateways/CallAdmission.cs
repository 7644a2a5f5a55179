using FaultTolerance.Gateways;
using FaultTolerance.Grains.Execution;
using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Scheduling;
using FaultTolerance.Grains.Tasks;
using FaultTolerance.Storage;
using Microsoft.Extensions.Options;

namespace FaultTolerance.Grains.Gateways;

/// <summary>Looks at a call before anything is stored: is there such a handler, do the arguments fit it, are the options within their bounds.</summary>
internal sealed class CallAdmission(
    HandlerRegistry handlers, NodeDirectory nodes, IDurableStore store, IOptions<TaskLimits> limits)
{
    /// <summary>Returns the task that the call asks for.</summary>
    /// <exception cref="SubmitRejectedException">The call cannot be accepted; the message says what to mend.</exception>
    public NewTask Admit(TaskCall call)
    {
        var runsHere = IsOwnHandler(call);
        var options = call.Header.Options ?? SubmitOptions.Default;
        if (SubmitOptionsCheck.Errors(options) is { Count: > 0 } errors)
        {
            throw Rejection(call, SubmitRejection.InvalidOptions, $"The options of the call are out of their bounds: {string.Join(" ", errors)}");
        }

        var dependsOn = call.Arguments.SelectMany(argument => argument.Sources).Select(source => source.TaskId).Distinct().ToList();
        if (dependsOn.Count > limits.Value.MaxFanIn)
        {
            throw Rejection(call, SubmitRejection.TooLarge,
                $"The call takes the results of {dependsOn.Count:N0} tasks; at most {limits.Value.MaxFanIn:N0} are allowed (TaskLimits.MaxFanIn). Combine them in steps.");
        }

        var size = call.Arguments.Sum(argument => (long)argument.Value.Length);
        if (size > limits.Value.MaxArguments)
        {
            throw Rejection(call, SubmitRejection.TooLarge,
                $"The arguments take {size:N0} bytes; at most {limits.Value.MaxArguments:N0} are allowed (TaskLimits.MaxArguments). Pass a reference to the data instead, for instance a path.");
        }

        return new NewTask(StateOf(call, options, dependsOn.Count > 0), dependsOn, options.IdempotencyKey, runsHere);
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
                PendingTimeout = options.PendingTimeout,
                Session = call.Header.Session,
                Parent = call.Header.Parent,
                Detached = options.Detached,
                TraceParent = call.Header.TraceParent,
            },
        };
    }

    /// <summary>Returns whether the handler is this node's, and the call fits it; false where only another node has it.</summary>
    private bool IsOwnHandler(TaskCall call)
    {
        var header = call.Header;
        if (!handlers.TryGet(header.Handler, header.Version, out var handler))
        {
            var key = TaskSpec.KeyOf(header.Handler, header.Version);
            if (nodes.Living.Any(node => node.Info.Handlers.Contains(key, StringComparer.Ordinal)))
            {
                return false;
            }

            var known = nodes.Living.SelectMany(node => node.Info.Handlers).Concat(handlers.Keys).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
            throw Rejection(call, SubmitRejection.UnknownHandler,
                $"No living silo has a handler {key}. There are: {(known.Count == 0 ? "none" : string.Join(", ", known))}. Register the handler's class on a silo (AddTaskHandlers), or deploy its assembly.");
        }

        var expected = handler.CallerParameters.Select(parameter => ParameterTypeName.Of(parameter.Type)).ToList();
        if (call.Arguments.Count != expected.Count)
        {
            throw Rejection(call, SubmitRejection.InvalidArguments,
                $"Handler {handler.Key} takes {expected.Count} arguments ({string.Join(", ", expected)}); the call has {call.Arguments.Count}. Client and silo have different builds of the handler: deploy the same, or raise its version.");
        }

        var different = header.ParameterTypes.Zip(expected).FirstOrDefault(pair => pair.First != pair.Second);
        if (header.ParameterTypes.Count > 0 && different != default)
        {
            throw Rejection(call, SubmitRejection.InvalidArguments,
                $"Handler {handler.Key} takes ({string.Join(", ", expected)}); the call was made for ({string.Join(", ", header.ParameterTypes)}). Deploy the same build, or raise the handler's version.");
        }

        return true;
    }

    private static SubmitRejectedException Rejection(TaskCall call, SubmitRejection reason, string message) =>
        new(reason, message) { TaskId = call.Id };
}
