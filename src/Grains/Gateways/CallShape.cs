using FaultTolerance.Gateways;
using FaultTolerance.Grains.Tasks;
using FaultTolerance.Storage;

namespace FaultTolerance.Grains.Gateways;

/// <summary>Looks whether a call is a whole one, as a pure function. Everything after it may rely on what it says.</summary>
/// <remarks>
/// A message from outside has any shape that its types allow, whatever they declare: the serializer puts null where null was sent.
/// What a call means (is there such a handler, do the arguments fit) is for <see cref="CallAdmission"/>.
/// </remarks>
internal static class CallShape
{
    /// <summary>The most arguments, and the most declared types, of one call.</summary>
    public const int MaxParameters = 256;

    /// <summary>The longest name of a parameter's type, in characters.</summary>
    public const int MaxTypeName = 4_096;

    /// <summary>The longest trace context, in characters; the one that W3C defines has 55.</summary>
    public const int MaxTraceParent = 256;

    /// <summary>Returns what is wrong with the shape of a call; null where nothing is.</summary>
    public static string? Error(TaskCall? call) => call switch
    {
        null => "The batch has an empty place instead of a call.",
        _ when call.Id == default => "The call has no id. Make one by TaskId.New().",
        { Header: null } => "The call has no header.",
        { Arguments: null } => "The call has no list of arguments; one without arguments has an empty list.",
        { Arguments.Count: > MaxParameters } => $"The call has {call.Arguments.Count:N0} arguments; at most {MaxParameters} are allowed.",
        _ => HeaderError(call) ?? call.Arguments.Select((argument, index) => ArgumentError(call.Id, argument, index)).FirstOrDefault(error => error is not null),
    };

    private static string? HeaderError(TaskCall call) => call.Header switch
    {
        { Handler: null or "" } => "The call names no handler.",
        var header when TaskSpec.KeyOf(header.Handler, header.Version).Length > StoreLimits.Handler =>
            $"The name of the handler with its version has more than {StoreLimits.Handler} characters.",
        { ParameterTypes: null } => "The call has no list of parameter types; one that does not tell them has an empty list.",
        { ParameterTypes.Count: > MaxParameters } header => $"The call names {header.ParameterTypes.Count:N0} parameter types; at most {MaxParameters} are allowed.",
        { ParameterTypes.Count: > 0 } header when header.ParameterTypes.Count != call.Arguments.Count =>
            $"The call names {header.ParameterTypes.Count} parameter types and has {call.Arguments.Count} arguments.",
        var header when header.ParameterTypes.Any(type => type is null or "" or { Length: > MaxTypeName }) =>
            $"A parameter type of the call has no name, or one of more than {MaxTypeName:N0} characters.",
        { TraceParent.Length: > MaxTraceParent } => $"The trace context of the call has more than {MaxTraceParent} characters.",
        { Session: { } session } when session == default => "The session of the call has no id. Leave it out where nobody is to be told.",
        { Parent: { } parent } when parent == default => "The parent of the call has no id. Leave it out where there is none.",
        { Parent: { } parent } when parent == call.Id => "The call names itself as its parent.",
        _ => null,
    };

    private static string? ArgumentError(TaskId id, TaskArgument? argument, int index) => argument switch
    {
        null => $"Argument {index + 1} is missing.",
        { Value: null } => $"Argument {index + 1} has no bytes; one that takes results has an empty array of them.",
        { Sources: null } => $"Argument {index + 1} has no list of results; one that is a value has an empty list.",
        { Kind: ArgumentKind.Value, Sources.Count: > 0 } => $"Argument {index + 1} is a value and a result at once.",
        { Kind: ArgumentKind.Result, Sources.Count: not 1 } => $"Argument {index + 1} takes the result of one task and names {argument.Sources.Count:N0}.",
        { Kind: not (ArgumentKind.Value or ArgumentKind.Result or ArgumentKind.Results) } => $"Argument {index + 1} is of an unknown kind ({(int)argument.Kind}).",
        _ => argument.Sources.Select(source => SourceError(id, source, index)).FirstOrDefault(error => error is not null),
    };

    private static string? SourceError(TaskId id, ResultSource source, int index) => source switch
    {
        _ when source.TaskId == default => $"Argument {index + 1} takes the result of a task without an id.",
        _ when source.TaskId == id => $"Argument {index + 1} takes the result of the very task that is submitted, which would wait for itself.",
        { Index: < ObjectRef.Whole } => $"Argument {index + 1} takes element {source.Index} of a result; the first is 0, and {ObjectRef.Whole} is the whole.",
        _ => null,
    };
}
