using FaultTolerance.Client.Tests.Calls;
using FaultTolerance.Client.Tests.Clusters;
using FaultTolerance.Gateways;
using Orleans.Runtime;

namespace FaultTolerance.Client.Tests.Outcomes;

/// <summary>What the client does when it hears nothing.</summary>
public sealed class SilenceTests
{
    private static readonly Digest Value = new("abc", 7);

    [Fact]
    public async Task After_two_seconds_of_silence_the_store_is_asked()
    {
        await using var cluster = FakeCluster.Start();
        var reference = await SubmitAsync(cluster);
        var get = cluster.Client.GetAsync(reference);

        await cluster.Clock.PassAsync(TimeSpan.FromSeconds(2));
        var question = await cluster.NextQuestionAsync();
        question.Answer([FakeCluster.Succeeded(reference.TaskId, Value)]);

        Assert.Equal(Value, await get);
        Assert.Equal([reference.TaskId], question.Request);
        Assert.Equal(TimeSpan.FromSeconds(2), question.At);
    }

    [Fact]
    public async Task A_task_that_goes_on_is_asked_for_again_after_growing_pauses()
    {
        // Neither the deadline of a call nor the renewal of the session may be mistaken for a pause.
        await using var cluster = FakeCluster.Start(
            options => (options.CallTimeout, options.ListenInterval) = (TimeSpan.FromMilliseconds(123), TimeSpan.FromSeconds(7)));
        var reference = await SubmitAsync(cluster);
        var get = cluster.Client.GetAsync(reference);

        var keys = new List<long>();
        foreach (var pause in new[] { 2, 3, 4.5, 5, 5 })
        {
            await cluster.Clock.PassAsync(TimeSpan.FromSeconds(pause));
            var question = await cluster.NextQuestionAsync();
            keys.Add(question.Key);
            question.Answer([]);
        }

        await cluster.TellAsync(FakeCluster.Succeeded(reference.TaskId, Value));
        Assert.Equal(Value, await get);
        Assert.Equal(keys.Count, keys.Distinct().Count());
    }

    [Fact]
    public async Task Tasks_that_an_answer_has_no_room_for_are_asked_for_again_at_once()
    {
        await using var cluster = FakeCluster.Start();
        var ids = Enumerable.Range(0, 3).Select(_ => TaskId.New()).ToList();
        var all = cluster.Client.GetAllAsync(ids.Select(id => new ObjectRef<Digest>(id)));

        var first = await cluster.NextQuestionAsync();
        first.Answer([FakeCluster.Succeeded(ids[0], Value), new TaskOutcome { Id = ids[1], IsLeftOut = true }, new TaskOutcome { Id = ids[2], IsLeftOut = true }]);
        var second = await cluster.NextQuestionAsync();
        second.Answer([FakeCluster.Succeeded(ids[1], Value), FakeCluster.Succeeded(ids[2], Value)]);

        Assert.Equal([Value, Value, Value], await all);
        Assert.Equal((ids.Count, first.At), (first.Request.Count, second.At));
        Assert.Equal(ids.Skip(1).Order(), second.Request.Order());
    }

    [Fact]
    public async Task Tasks_that_nobody_waits_for_are_not_asked_for()
    {
        await using var cluster = FakeCluster.Start();
        await SubmitAsync(cluster);

        cluster.Clock.Advance(TimeSpan.FromSeconds(50));

        Assert.False(cluster.HasQuestion);
    }

    [Fact]
    public async Task Many_tasks_are_asked_for_in_pages_of_two_thousand()
    {
        await using var cluster = FakeCluster.Start();
        var references = Enumerable.Range(0, 4_500).Select(_ => new ObjectRef<Digest>(TaskId.New())).ToList();

        var all = cluster.Client.WaitAllAsync(references.Select(reference => (IObjectRef)reference));
        var asked = new List<TaskId>();
        foreach (var size in new[] { 2_000, 2_000, 500 })
        {
            var page = await cluster.NextQuestionAsync();
            Assert.Equal(size, page.Request.Count);
            asked.AddRange(page.Request);
            page.Answer(page.Request.Select(id => FakeCluster.Succeeded(id, Value)).ToList());
        }

        Assert.Equal(4_500, (await all).Ended.Count);
        Assert.Equal(references.Select(reference => reference.TaskId), asked);
    }

    [Fact]
    public async Task Waits_that_begin_while_a_page_is_under_way_share_the_next()
    {
        await using var cluster = FakeCluster.Start();
        var references = Enumerable.Range(0, 100).Select(_ => new ObjectRef<Digest>(TaskId.New())).ToList();

        var gets = new List<Task<Digest>> { cluster.Client.GetAsync(references[0]) };
        var first = await cluster.NextQuestionAsync();
        gets.AddRange(references.Skip(1).Select(reference => cluster.Client.GetAsync(reference)));
        first.Answer([FakeCluster.Succeeded(references[0].TaskId, Value)]);
        var second = await cluster.NextQuestionAsync();
        second.Answer(second.Request.Select(id => FakeCluster.Succeeded(id, Value)).ToList());

        await Task.WhenAll(gets);
        Assert.Equal([1, 99], [first.Request.Count, second.Request.Count]);
    }

    [Fact]
    public async Task After_a_page_in_vain_asking_rests_four_times_as_long_as_the_page_took()
    {
        await using var cluster = FakeCluster.Start();
        var references = Enumerable.Range(0, 2_001).Select(_ => (IObjectRef)new ObjectRef<Digest>(TaskId.New())).ToList();
        var wait = cluster.Client.WaitAnyAsync(references);
        var first = await cluster.NextQuestionAsync();

        cluster.Clock.Advance(TimeSpan.FromMilliseconds(100));
        first.Answer([]);
        await cluster.Clock.PassAsync(TimeSpan.FromMilliseconds(400));
        var second = await cluster.NextQuestionAsync();
        second.Answer([FakeCluster.Succeeded(second.Request[0], Value)]);

        Assert.Equal(TimeSpan.FromMilliseconds(500), second.At);
        Assert.Single((await wait).Ended);
    }

    [Fact]
    public async Task A_question_without_an_answer_goes_to_another_key()
    {
        await using var cluster = FakeCluster.Start();
        var foreign = new ObjectRef<Digest>(TaskId.New());
        var get = cluster.Client.GetAsync(foreign);

        var lost = await cluster.NextQuestionAsync();
        await cluster.Clock.PassAsync(TimeSpan.FromSeconds(3));
        await cluster.Clock.PassAsync(TimeSpan.FromMilliseconds(50));
        var refused = await cluster.NextQuestionAsync();
        refused.Fail(new SiloUnavailableException("gone"));
        await cluster.Clock.PassAsync(TimeSpan.FromMilliseconds(100));
        var answered = await cluster.NextQuestionAsync();
        answered.Answer([FakeCluster.Succeeded(foreign.TaskId, Value)]);

        Assert.Equal(Value, await get);
        Assert.Equal(3, new[] { lost.Key, refused.Key, answered.Key }.Distinct().Count());
    }

    [Fact]
    public async Task An_answer_that_does_not_end_a_task_changes_nothing()
    {
        await using var cluster = FakeCluster.Start();
        var foreign = new ObjectRef<Digest>(TaskId.New());
        var get = cluster.Client.GetAsync(foreign);

        (await cluster.NextQuestionAsync()).Answer([new TaskOutcome { Id = foreign.TaskId, Phase = TaskPhase.Running }]);
        await cluster.Clock.PassAsync(TimeSpan.FromSeconds(2));
        (await cluster.NextQuestionAsync()).Answer([FakeCluster.Succeeded(foreign.TaskId, Value)]);

        Assert.Equal(Value, await get);
    }

    private static Task<ObjectRef<Digest>> SubmitAsync(FakeCluster cluster) =>
        cluster.AcceptedAsync(client => client.SubmitAsync((FileTasks t) => t.Digest("/a")));
}
