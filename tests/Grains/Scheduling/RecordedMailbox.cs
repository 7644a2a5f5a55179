using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Threading.Channels;
using FaultTolerance.Gateways;

namespace FaultTolerance.Grains.Tests.Scheduling;

/// <summary>The mailbox of every session: notes what it is told, and answers when the test lets it.</summary>
internal sealed class RecordedMailbox : ISessionGrain
{
    private readonly List<IReadOnlyList<TaskOutcome>> _batches = [];
    private readonly Channel<TaskOutcome> _told = Channel.CreateUnbounded<TaskOutcome>();
    private TaskCompletionSource _open = new();

    public RecordedMailbox()
    {
        _open.SetResult();
        Grains = DispatchProxy.Create<IGrainFactory, Factory>();
        ((Factory)(object)Grains).Mailbox = this;
    }

    /// <summary>Gets what reaches it.</summary>
    public IGrainFactory Grains { get; }

    public IReadOnlyList<IReadOnlyList<TaskOutcome>> Batches
    {
        get
        {
            lock (_batches)
            {
                return [.. _batches];
            }
        }
    }

    /// <summary>Answers nothing from now on, until it is opened.</summary>
    public void Hold() => _open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Open() => _open.TrySetResult();

    /// <summary>Waits until so many more outcomes have been told.</summary>
    public async Task TakeAsync(int outcomes)
    {
        for (var i = 0; i < outcomes; i++)
        {
            await _told.Reader.ReadAsync();
        }
    }

    public Task ListenAsync(IOutcomeListener listener, TimeSpan period) => throw new NotSupportedException("Clients listen, silos tell.");

    public async Task<bool> TellAsync(IReadOnlyList<TaskOutcome> outcomes)
    {
        await _open.Task;
        lock (_batches)
        {
            _batches.Add(outcomes);
        }

        foreach (var outcome in outcomes)
        {
            _told.Writer.TryWrite(outcome);
        }

        return true;
    }

    [SuppressMessage("Performance", "CA1852", Justification = "The proxy is made as a class derived from it.")]
    internal class Factory : DispatchProxy
    {
        public RecordedMailbox? Mailbox { get; set; }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => Mailbox;
    }
}
