using FaultTolerance.Gateways;
using FaultTolerance.Grains.Scheduling;
using Microsoft.Extensions.Logging.Abstractions;

namespace FaultTolerance.Grains.Tests.Scheduling;

public sealed class OutcomeOutboxTests
{
    private const int Held = 64 << 20;
    private const int Batch = 1 << 20;

    private readonly SessionId _session = SessionId.New();
    private readonly RecordedMailbox _mailbox = new();

    [Fact]
    public async Task Failures_of_200_KB_are_told_cut_and_in_batches_that_each_have_an_end()
    {
        var outbox = new OutcomeOutbox(_mailbox.Grains, NullLogger<OutcomeOutbox>.Instance);
        for (var i = 0; i < 600; i++)
        {
            outbox.Add(_session, new TaskOutcome { Id = TaskId.New(), Phase = TaskPhase.Failed, Failure = Large() });
        }

        await _mailbox.TakeAsync(outcomes: 600);

        Assert.All(_mailbox.Batches, batch => Assert.InRange(batch.Sum(OutcomeSize.Of), 1, Batch + 70_000));
    }

    [Fact]
    public async Task While_a_mailbox_does_not_answer_results_are_left_out_and_memory_has_a_limit()
    {
        var outbox = new OutcomeOutbox(_mailbox.Grains, NullLogger<OutcomeOutbox>.Instance);
        _mailbox.Hold();
        for (var i = 0; i < 2_000; i++)
        {
            outbox.Add(_session, new TaskOutcome { Id = TaskId.New(), Phase = TaskPhase.Succeeded, Result = new byte[60_000] });
        }

        Assert.InRange(outbox.HeldBytes, Held / 2, Held + (2_000 * 100));
        _mailbox.Open();
        await _mailbox.TakeAsync(outcomes: 2_000);
        Assert.Equal(0, outbox.HeldBytes);
        var told = _mailbox.Batches.SelectMany(batch => batch).ToList();
        Assert.Equal(60_000, told[0].Result!.Length);
        Assert.Null(told[^1].Result);
    }

    [Fact]
    public void While_a_mailbox_does_not_answer_failures_beyond_the_limit_are_dropped()
    {
        var outbox = new OutcomeOutbox(_mailbox.Grains, NullLogger<OutcomeOutbox>.Instance);
        _mailbox.Hold();
        for (var i = 0; i < 5_000; i++)
        {
            outbox.Add(_session, new TaskOutcome { Id = TaskId.New(), Phase = TaskPhase.Failed, Failure = Large() });
        }

        Assert.InRange(outbox.HeldBytes, Held / 2, Held);
        _mailbox.Open();
    }

    private static TaskFailure Large() => new() { Kind = FailureKind.UserException, Message = new string('m', 100_000), StackTrace = new string('s', 100_000) };
}
