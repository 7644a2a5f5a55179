namespace FaultTolerance.Testing.Messages;

/// <summary>One message: a call from one process, or from one of its grains, to a grain, a grain service or an observer.</summary>
/// <param name="Message">Which message it is, as <see cref="ClusterMessages"/> names it.</param>
/// <param name="Target">Whom it is for.</param>
/// <param name="Arguments">What it carries.</param>
public sealed record MessageCall(string Message, GrainId Target, IReadOnlyList<object?> Arguments)
{
    internal static MessageCall Of(IOutgoingGrainCallContext context)
    {
        var request = context.Request;
        return new MessageCall(
            ClusterMessages.NameOf(context.InterfaceMethod),
            context.TargetId,
            [.. Enumerable.Range(0, request.GetArgumentCount()).Select(request.GetArgument)]);
    }
}
