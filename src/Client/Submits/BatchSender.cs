using FaultTolerance.Gateways;
using FaultTolerance.Outcomes;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace FaultTolerance.Submits;

/// <summary>Sends a batch to one gateway after another until it is known of every call how it ended.</summary>
/// <remarks>
/// A batch that is not answered is sent again with the same ids, elsewhere: the store takes each id once. So is the part of
/// it for which the cluster was too busy.
/// </remarks>
internal sealed class BatchSender(
    ClusterCalls calls, OutcomeTable table, OutcomeSession session, OutcomeAsker asker, ClientClock clock, BackgroundWork background,
    ClientInstruments instruments, ISubmitJournal? journal, FaultToleranceClientOptions options, ILogger logger)
{
    /// <summary>Sends the calls of a batch; on return each is settled.</summary>
    public async Task SendAsync(IReadOnlyList<Submit> batch)
    {
        var left = new List<Submit>(batch);
        Exception? failure = null;
        try
        {
            await session.EnsureListening();
            for (var repeat = 0; ; repeat++)
            {
                failure = await TryAsync(left);
                left.RemoveAll(submit => submit.IsSettled);
                if (left.Count == 0)
                {
                    return;
                }

                var pause = ClusterCalls.Shorter(calls.Pause(repeat), Earliest(left) - clock.Now);
                instruments.OnRepeated(left.Count);
                ClientLog.SubmitRepeated(logger, left.Count, pause.TotalMilliseconds, failure?.Message ?? "the cluster is busy");
                await clock.Delay(pause, background.Stopping);
                GiveUp(left, failure);
                if (left.Count == 0)
                {
                    return;
                }
            }
        }
        catch (Exception exception)
        {
            ClientLog.SubmitsFailed(logger, left.Count, exception);
            Fail(left, exception);
        }
    }

    private static TimeSpan Earliest(List<Submit> submits)
    {
        var earliest = TimeSpan.MaxValue;
        foreach (var submit in submits)
        {
            earliest = submit.Deadline < earliest ? submit.Deadline : earliest;
        }

        return earliest;
    }

    private async Task<Exception?> TryAsync(List<Submit> submits)
    {
        try
        {
            IReadOnlyList<TaskCall> batch = submits.ConvertAll(submit => submit.Call);
            var limit = ClusterCalls.Shorter(options.CallTimeout, Earliest(submits) - clock.Now);
            var replies = await calls.OnceAsync(limit, () => calls.NextGateway().SubmitAsync(batch.AsImmutable()), background.Stopping);
            if (replies.Count != submits.Count)
            {
                throw new InvalidOperationException($"The gateway gave {replies.Count} replies to {submits.Count} calls.");
            }

            Settle(submits, replies);
            return UnknownOf(replies);
        }
        catch (Exception exception) when (!background.Stopping.IsCancellationRequested)
        {
            if (ClusterCalls.IsFinal(exception))
            {
                Fail(submits, exception);
            }

            submits.ForEach(submit => submit.MayBeAccepted = true);
            return exception;
        }
    }

    // What the last gateway said of a call that it could neither accept nor refuse.
    private static FaultToleranceException? UnknownOf(IReadOnlyList<SubmitReply> replies) =>
        replies.FirstOrDefault(reply => reply is { Rejection: not null, MayBeAccepted: true }) is { } unknown
            ? new FaultToleranceException(unknown.Message ?? "The store did not answer.") { IsRetryable = true }
            : null;

    private void Settle(List<Submit> submits, IReadOnlyList<SubmitReply> replies)
    {
        var accepted = new List<TaskId>(submits.Count);
        for (var i = 0; i < submits.Count; i++)
        {
            if (replies[i].Rejection is null)
            {
                table.Submitted(submits[i].Call.Id, isExpected: replies[i].Id == submits[i].Call.Id && !submits[i].HasChosenId);
                accepted.Add(replies[i].Id);
            }
        }

        asker.Nudge();
        instruments.OnAccepted(accepted.Count);
        var journalFailure = Journal(accepted);
        for (var i = 0; i < submits.Count; i++)
        {
            Settle(submits[i], replies[i], journalFailure);
        }
    }

    private void Settle(Submit submit, SubmitReply reply, Exception? journalFailure)
    {
        if (reply.Rejection is { } reason)
        {
            submit.MayBeAccepted |= reply.MayBeAccepted;
            if (reason != SubmitRejection.Busy)
            {
                Fail(submit, SubmitFailures.Rejected(submit, reason, reply.Message));
            }
        }
        else if (journalFailure is null)
        {
            submit.Accept(reply.Id);
        }
        else
        {
            submit.Fail(journalFailure);
        }
    }

    private Exception? Journal(List<TaskId> accepted)
    {
        try
        {
            if (accepted.Count > 0)
            {
                journal?.OnAcknowledged(accepted);
            }

            return null;
        }
        catch (Exception exception)
        {
            ClientLog.JournalFailed(logger, accepted.Count, exception);
            return exception;
        }
    }

    private void GiveUp(List<Submit> submits, Exception? failure)
    {
        var now = clock.Now;
        foreach (var submit in submits.Where(submit => submit.IsAbandoned || submit.Deadline <= now))
        {
            Fail(submit, submit.MayBeAccepted
                ? SubmitFailures.Unanswered(submit, options.SubmitTimeout, failure)
                : SubmitFailures.Busy(submit, options.SubmitTimeout));
        }

        submits.RemoveAll(submit => submit.IsSettled);
    }

    private void Fail(List<Submit> submits, Exception exception)
    {
        foreach (var submit in submits.Where(submit => !submit.IsSettled))
        {
            Fail(submit, exception is OperationCanceledException ? SubmitFailures.Stopped(submit) : exception);
        }
    }

    private void Fail(Submit submit, Exception failure)
    {
        table.Submitted(submit.Call.Id, isExpected: false);
        asker.Nudge();
        instruments.OnFailed();
        submit.Fail(failure);
    }
}
