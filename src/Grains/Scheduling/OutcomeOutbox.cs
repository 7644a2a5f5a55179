using System.Collections.Concurrent;
using FaultTolerance.Gateways;
using FaultTolerance.Grains.Tasks;
using FaultTolerance.Grains.Telemetry;
using Microsoft.Extensions.Logging;

namespace FaultTolerance.Grains.Scheduling;

/// <summary>Sends outcomes to the mailboxes of their sessions, in batches: while one is under way the next collects.</summary>
internal sealed partial class OutcomeOutbox(IGrainFactory grains, ILogger<OutcomeOutbox> logger)
{
    private const int MaxBatch = 500;

    /// <summary>The most bytes in one batch, but for the last outcome in it.</summary>
    private const int MaxBatchBytes = 1 << 20;

    /// <summary>The most outcomes kept for one session. More are dropped: its client asks for what it misses.</summary>
    private const int MaxHeld = 50_000;

    /// <summary>
    /// The most bytes of outcomes kept for all sessions together. Past it results are left out, as large ones always are, and failures are
    /// dropped: clients ask for them when they want them.
    /// </summary>
    private const long MaxHeldBytes = 64 << 20;

    private readonly ConcurrentDictionary<SessionId, Mail> _mails = new();
    private long _heldBytes;

    /// <summary>Gets how many bytes of outcomes wait to be told.</summary>
    public long HeldBytes => Interlocked.Read(ref _heldBytes);

    public void Add(SessionId session, TaskOutcome told)
    {
        var outcome = told.Failure is { } failure ? told with { Failure = FailureBounds.Bound(failure) } : told;
        if (HeldBytes + OutcomeSize.Of(outcome) > MaxHeldBytes)
        {
            outcome = outcome with { Result = null };
        }

        var size = OutcomeSize.Of(outcome);
        var hasRoom = outcome.Failure is null || HeldBytes + size <= MaxHeldBytes;
        while (true)
        {
            var mail = _mails.GetOrAdd(session, static _ => new Mail());
            lock (mail.Waiting)
            {
                if (mail.IsClosed)
                {
                    continue;
                }

                if (hasRoom && mail.Waiting.Count < MaxHeld)
                {
                    mail.Waiting.Enqueue((outcome, size));
                    Interlocked.Add(ref _heldBytes, size);
                }

                if (mail.IsSending)
                {
                    return;
                }

                mail.IsSending = true;
            }

            SendAsync(session, mail).Ignore();
            return;
        }
    }

    private async Task SendAsync(SessionId session, Mail mail)
    {
        await Task.Yield();
        while (Take(session, mail) is { Count: > 0 } batch)
        {
            try
            {
                await grains.GetGrain<ISessionGrain>(session.Value).TellAsync(batch);
            }
            catch (Exception exception)
            {
                LogNotTold(exception, session, batch.Count);
            }
        }
    }

    private List<TaskOutcome> Take(SessionId session, Mail mail)
    {
        var batch = new List<TaskOutcome>();
        var bytes = 0;
        lock (mail.Waiting)
        {
            while (batch.Count < MaxBatch && bytes < MaxBatchBytes && mail.Waiting.TryDequeue(out var next))
            {
                batch.Add(next.Outcome);
                bytes += next.Size;
            }

            Interlocked.Add(ref _heldBytes, -bytes);

            if (batch.Count == 0)
            {
                // Sessions come and go: an empty mail leaves nothing behind.
                (mail.IsSending, mail.IsClosed) = (false, true);
                _mails.TryRemove(session, out _);
            }
        }

        return batch;
    }

    private sealed class Mail
    {
        public Queue<(TaskOutcome Outcome, int Size)> Waiting { get; } = new();

        public bool IsSending { get; set; }

        public bool IsClosed { get; set; }
    }

    [LoggerMessage(EventIds.OutcomesNotTold, LogLevel.Debug, "Session {Session}: {Count} outcomes could not be told; its client asks for them.")]
    private partial void LogNotTold(Exception exception, SessionId session, int count);
}
