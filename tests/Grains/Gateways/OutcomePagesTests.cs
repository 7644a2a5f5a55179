using FaultTolerance.Gateways;
using FaultTolerance.Grains.Gateways;
using FaultTolerance.Grains.Scheduling;
using FaultTolerance.Grains.Tasks;
using FaultTolerance.Grains.Tests.Nodes;

namespace FaultTolerance.Grains.Tests.Gateways;

public sealed class OutcomePagesTests
{
    private const int AnswerLimit = OutcomePages.MaxAnswerBytes + (1 << 20);

    [Fact]
    public async Task Two_thousand_results_of_60_KB_come_in_answers_that_each_have_an_end()
    {
        await using var lab = await StoreLab.OpenAsync();
        var ids = await InsertAsync(lab, 2_000, task => (task with { Phase = TaskPhase.Succeeded }, new byte[60_000]));
        var pages = new OutcomePages(lab.Store, lab.Reader, lab.Codec);

        var answers = await AskUntilAllAsync(pages, ids);

        Assert.Equal(ids.Order(), answers.SelectMany(Told).Select(outcome => outcome.Id).Order());
        Assert.All(answers, answer => Assert.InRange(answer.Sum(OutcomeSize.Of), 1, AnswerLimit));
        Assert.All(answers.SelectMany(Told), outcome => Assert.Equal(60_000, outcome.Result!.Length));
    }

    [Fact]
    public async Task Failures_of_200_KB_come_cut_in_answers_that_each_have_an_end()
    {
        await using var lab = await StoreLab.OpenAsync();
        var failure = new TaskFailure { Kind = FailureKind.UserException, Message = new string('m', 100_000), StackTrace = new string('s', 100_000) };
        var ids = await InsertAsync(lab, 500, task => (task with { Phase = TaskPhase.Failed, Life = new TaskLife { Failure = failure } }, null));
        var pages = new OutcomePages(lab.Store, lab.Reader, lab.Codec);

        var answers = await AskUntilAllAsync(pages, ids);

        Assert.Equal(ids.Order(), answers.SelectMany(Told).Select(outcome => outcome.Id).Order());
        Assert.All(answers, answer => Assert.InRange(answer.Sum(OutcomeSize.Of), 1, AnswerLimit));
        Assert.All(answers.SelectMany(Told), outcome => Assert.InRange(FailureBounds.SizeOf(outcome.Failure), 1, 70_000));
    }

    [Fact]
    public async Task Small_outcomes_come_in_one_answer_and_what_has_not_ended_is_missing_in_it()
    {
        await using var lab = await StoreLab.OpenAsync();
        var ended = await InsertAsync(lab, 1_000, task => (task with { Phase = TaskPhase.Succeeded }, new byte[10]));
        var queued = await lab.InsertAsync(task => task);
        var unknown = TaskId.New(lab.Time);

        var answer = await new OutcomePages(lab.Store, lab.Reader, lab.Codec).ReadAsync([.. ended, queued, unknown], CancellationToken.None);

        Assert.Equal(ended.Append(unknown).Order(), answer.Select(outcome => outcome.Id).Order());
        Assert.Equal(unknown, Assert.Single(answer, outcome => outcome.IsUnknown).Id);
        Assert.DoesNotContain(answer, outcome => outcome.IsLeftOut);
    }

    private static IEnumerable<TaskOutcome> Told(IReadOnlyList<TaskOutcome> answer) => answer.Where(outcome => !outcome.IsLeftOut);

    private static async Task<List<IReadOnlyList<TaskOutcome>>> AskUntilAllAsync(OutcomePages pages, IReadOnlyList<TaskId> ids)
    {
        var answers = new List<IReadOnlyList<TaskOutcome>>();
        for (var left = ids; left.Count > 0; left = [.. answers[^1].Where(outcome => outcome.IsLeftOut).Select(outcome => outcome.Id)])
        {
            answers.Add(await pages.ReadAsync(left, CancellationToken.None));
            Assert.NotEmpty(Told(answers[^1]));
        }

        return answers;
    }

    private static async Task<IReadOnlyList<TaskId>> InsertAsync(StoreLab lab, int count, Func<TaskState, (TaskState Ended, byte[]? Result)> end)
    {
        var ids = new List<TaskId>();
        for (var i = 0; i < count; i++)
        {
            var queued = await lab.TaskAsync(await lab.InsertAsync(task => task));
            var (ended, result) = end(queued);
            Assert.True((await lab.Store.WriteTaskAsync(lab.Codec.Update(new TaskCommit(queued, ended with { Finished = lab.Store.Now }, lab.Store.NewToken(), result)))).IsApplied);
            ids.Add(queued.Id);
        }

        return ids;
    }
}
