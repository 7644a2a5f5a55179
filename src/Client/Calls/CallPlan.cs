using System.Reflection;
using FaultTolerance.Gateways;

namespace FaultTolerance.Calls;

/// <summary>All that calls of one method share, found out once.</summary>
internal sealed class CallPlan(TaskHandlerAttribute attribute, MethodInfo method, Type handlerType, IReadOnlyList<HandlerParameter> parameters)
{
    private CallHeader? _plainHeader;

    public string Handler { get; } = attribute.Name;

    public int Version { get; } = attribute.Version;

    public IReadOnlyList<HandlerParameter> Parameters { get; } = parameters;

    public int SentCount { get; } = parameters.Count(parameter => !parameter.IsFilledIn);

    /// <summary>Gets the handler in words, for messages: <c>files.digest (FileTasks.Digest)</c>.</summary>
    public string Words { get; } = $"{attribute.Name} ({handlerType.Name}.{method.Name})";

    private string[] ParameterTypes { get; } =
        [.. parameters.Where(parameter => !parameter.IsFilledIn).Select(parameter => ParameterTypeName.Of(parameter.Type))];

    /// <summary>Makes the header of calls; the one of calls that ask for nothing special is made once, and so sent once a message.</summary>
    public CallHeader Header(SessionId session, SubmitOptions? options, TaskId? parent, string? traceParent)
    {
        if (options is not null || parent is not null || traceParent is not null)
        {
            return New(session, options, parent, traceParent);
        }

        var plain = _plainHeader;
        return plain?.Session == session ? plain : _plainHeader = New(session, null, null, null);
    }

    private CallHeader New(SessionId session, SubmitOptions? options, TaskId? parent, string? traceParent) => new()
    {
        Handler = Handler,
        Version = Version,
        Options = options,
        Session = session,
        Parent = parent,
        ParameterTypes = ParameterTypes,
        TraceParent = traceParent,
    };
}
