namespace FaultTolerance.Testing.Messages;

/// <summary>What goes wrong with the messages of one cluster. All its silos and clients share it.</summary>
/// <remarks>
/// A fault strikes where a message is sent, in the caller's process. That is before Orleans has done anything with it, so that it is the
/// same for a callee in the same silo, in another one, and in a client.
/// </remarks>
/// <param name="silence">How long a caller that hears nothing waits before it gives up. Every real time-out is longer, and each is a <see cref="TimeoutException"/>.</param>
/// <param name="timeProvider">The clock of that wait.</param>
public sealed class MessageFaults(TimeSpan silence, TimeProvider timeProvider)
{
    private readonly Lock _lock = new();
    private readonly List<MessageStrike> _armed = [];
    private readonly List<MessageStrike> _held = [];

    /// <summary>Lets one message go wrong: the next that is meant.</summary>
    /// <param name="message">Which message, as <see cref="ClusterMessages"/> names it.</param>
    /// <param name="fault">What goes wrong; with <see cref="MessageFault.None"/> the message is only waited for.</param>
    /// <param name="which">Which of those messages; any when omitted.</param>
    public MessageStrike Arm(string message, MessageFault fault, Predicate<MessageCall>? which = null)
    {
        var strike = new MessageStrike(message, fault, which ?? (_ => true));
        lock (_lock)
        {
            _armed.Add(strike);
        }

        return strike;
    }

    /// <summary>Forgets the faults that have not struck.</summary>
    public void Disarm()
    {
        lock (_lock)
        {
            _armed.Clear();
        }
    }

    internal MessageStrike? Take(MessageCall call)
    {
        lock (_lock)
        {
            var strike = _armed.Find(armed => armed.Matches(call));
            if (strike is null)
            {
                return null;
            }

            _armed.Remove(strike);
            if (strike.Fault == MessageFault.DeliveredLate)
            {
                _held.Add(strike);
            }

            return strike;
        }
    }

    /// <summary>Lets go of the messages that this one has overtaken.</summary>
    internal void OnAnswered(MessageCall call)
    {
        List<MessageStrike> overtaken;
        lock (_lock)
        {
            overtaken = _held.FindAll(held => held.Matches(call));
            _held.RemoveAll(overtaken.Contains);
        }

        overtaken.ForEach(held => held.OnSuccessor());
    }

    internal Task SilenceAsync() => Task.Delay(silence, timeProvider, CancellationToken.None);
}
