using FaultTolerance.Gateways;
using FaultTolerance.Grains.Gateways;
using FaultTolerance.Grains.Tasks;
using FaultTolerance.Grains.Tests.Nodes;
using FaultTolerance.Storage.Engines;

namespace FaultTolerance.Grains.Tests.Gateways;

public sealed class SameCallCheckTests
{
    [Fact]
    public async Task A_repeated_batch_of_five_hundred_is_compared_by_one_question_to_the_store()
    {
        await using var lab = await StoreLab.OpenAsync();
        var tasks = new List<TaskState>();
        for (var i = 0; i < 500; i++)
        {
            tasks.Add(await lab.TaskAsync(await lab.InsertAsync(task => task)));
        }

        var before = Reads(lab);
        var replies = await Check(lab).CompareAsync([.. tasks.Select(task => (task, task.Id))]);

        Assert.Equal(tasks.Select(task => (task.Id, (SubmitRejection?)null)), replies.Select(reply => (reply.Id, reply.Rejection)));
        Assert.Equal(before + 1, Reads(lab));
    }

    [Fact]
    public async Task Each_call_is_told_what_is_true_of_it()
    {
        await using var lab = await StoreLab.OpenAsync();
        var same = await lab.TaskAsync(await lab.InsertAsync(task => task));
        var other = await lab.TaskAsync(await lab.InsertAsync(task => task));
        var removed = same with { Id = TaskId.New(lab.Time) };

        var replies = await Check(lab).CompareAsync(
            [(same, same.Id), (other with { Spec = other.Spec with { Deadline = TimeSpan.FromHours(1) } }, other.Id), (removed, removed.Id)]);

        Assert.Equal([null, SubmitRejection.IdTaken, SubmitRejection.Busy], replies.Select(reply => reply.Rejection));
        Assert.Contains("Deadline", replies[1].Message, StringComparison.Ordinal);
        Assert.DoesNotContain(replies, reply => reply.MayBeAccepted);
    }

    [Fact]
    public async Task A_call_under_the_key_of_the_same_call_joins_its_task_and_another_call_is_told_what_holds_the_key()
    {
        await using var lab = await StoreLab.OpenAsync();
        var holder = await lab.TaskAsync(await lab.InsertAsync(task => task with { Spec = task.Spec with { IdempotencyKey = "k" } }));
        var again = holder with { Id = TaskId.New(lab.Time), Spec = holder.Spec with { Session = SessionId.New(), TraceParent = "00-1" } };
        var other = again with { Spec = again.Spec with { Handler = "quite.other", Version = 2 } };
        var odd = again with { Spec = again.Spec with { AttemptTimeout = TimeSpan.FromHours(1) } };

        var replies = await Check(lab).CompareAsync([(again, holder.Id), (other, holder.Id), (odd, holder.Id)]);

        Assert.Equal([(holder.Id, null), (other.Id, SubmitRejection.KeyTaken), (odd.Id, SubmitRejection.KeyTaken)], replies.Select(reply => (reply.Id, reply.Rejection)));
        Assert.Equal(
            $"The idempotency key 'k' is held by task {holder.Id} of {holder.Spec.HandlerKey}, another call than this one of quite.other@2: " +
            "it is of another handler. Submit this one under a key of its own.",
            replies[1].Message);
        Assert.Contains("its arguments or options differ", replies[2].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_does_not_answer_in_time_leaves_it_unknown()
    {
        await using var lab = await StoreLab.OpenAsync();
        var task = await lab.TaskAsync(await lab.InsertAsync(task => task));
        using var gate = lab.Engine.Hold(call => call.Operation == nameof(IStorageEngine.ReadAsync));

        var compare = Check(lab).CompareAsync([(task, task.Id)]);
        await gate.ArrivedAsync();
        lab.Time.Advance(CallDeadline.Short);

        var reply = Assert.Single(await compare);
        Assert.Equal((SubmitRejection.Busy, true), (reply.Rejection, reply.MayBeAccepted));
    }

    private static SameCallCheck Check(StoreLab lab) => new(lab.Store, lab.Reader, StoreLab.Serializer<TaskSpec>(), new CallDeadline(lab.Time));

    private static int Reads(StoreLab lab) => lab.Engine.Calls.Count(call => call.Operation == nameof(IStorageEngine.ReadAsync));
}
