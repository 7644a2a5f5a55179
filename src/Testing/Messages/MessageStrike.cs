namespace FaultTolerance.Testing.Messages;

/// <summary>One fault that waits for its message, and what has become of it.</summary>
public sealed class MessageStrike
{
    private readonly TaskCompletionSource<MessageCall> _struck = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _landed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _overtaken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Predicate<MessageCall> _which;

    internal MessageStrike(string message, MessageFault fault, Predicate<MessageCall> which) => (Message, Fault, _which) = (message, fault, which);

    /// <summary>Gets the message that it waits for.</summary>
    public string Message { get; }

    /// <summary>Gets what goes wrong with it.</summary>
    public MessageFault Fault { get; }

    /// <summary>Gets a value indicating whether the message came.</summary>
    public bool HasStruck => _struck.Task.IsCompleted;

    /// <summary>Gets the message, once it came.</summary>
    public Task<MessageCall> Struck => _struck.Task;

    /// <summary>Gets what ends when the callee is done with all that ever reaches it of the message.</summary>
    public Task Landed => _landed.Task;

    internal bool Matches(MessageCall call) => Message == call.Message && _which(call);

    internal void OnSuccessor() => _overtaken.TrySetResult();

    /// <summary>Lets it happen to its message.</summary>
    /// <param name="call">The message.</param>
    /// <param name="send">Sends it, as the caller meant to.</param>
    /// <param name="sendAgain">Sends the same once more.</param>
    /// <param name="silence">Waits for as long as a caller that hears nothing.</param>
    internal async Task PerformAsync(MessageCall call, Func<Task> send, Func<Task> sendAgain, Func<Task> silence)
    {
        _struck.TrySetResult(call);
        switch (Fault)
        {
            case MessageFault.None:
                await send();
                _landed.TrySetResult();
                return;
            case MessageFault.DeliveredTwice:
                var twin = Task.Run(sendAgain);
                LandAsync(twin).Ignore();
                await send();
                return;
            case MessageFault.ReplyLost:
                await send();
                _landed.TrySetResult();
                break;
            case MessageFault.DeliveredLate:
                LandAsync(Task.Run(() => SendLateAsync(sendAgain))).Ignore();
                break;
            default:
                _landed.TrySetResult();
                break;
        }

        await silence();
        throw new TimeoutException($"Injected: {Message} was not answered ({Fault}).");
    }

    private async Task SendLateAsync(Func<Task> send)
    {
        await _overtaken.Task;
        await send();
    }

    /// <summary>Nobody waits for the answer of a copy: how it fails is nobody's affair either.</summary>
    private async Task LandAsync(Task copy)
    {
        await copy.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _landed.TrySetResult();
    }
}
