namespace FaultTolerance.Testing.Messages;

/// <summary>Lets the messages that a silo or a client sends go wrong as <see cref="MessageFaults"/> say.</summary>
internal sealed class FaultyCallFilter(MessageFaults faults) : IOutgoingGrainCallFilter
{
    // A copy is no message of its own: no other fault strikes it, and it overtakes nothing.
    private static readonly AsyncLocal<bool> IsCopy = new();

    public async Task Invoke(IOutgoingGrainCallContext context)
    {
        if (IsCopy.Value || context.InterfaceMethod is not { } method || !ClusterMessages.IsOurs(method.DeclaringType!))
        {
            await context.Invoke();
            return;
        }

        var call = MessageCall.Of(context);
        if (faults.Take(call) is { } strike)
        {
            var target = context.Grain;
            await strike.PerformAsync(call, context.Invoke, SendAgainAsync, faults.SilenceAsync);

            Task SendAgainAsync()
            {
                IsCopy.Value = true;
                return (Task)method.Invoke(target, [.. call.Arguments])!;
            }
        }
        else
        {
            try
            {
                await context.Invoke();
            }
            finally
            {
                faults.OnAnswered(call);
            }
        }
    }
}
