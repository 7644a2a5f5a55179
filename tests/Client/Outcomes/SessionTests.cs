using FaultTolerance.Client.Tests.Calls;
using FaultTolerance.Client.Tests.Clusters;
using Orleans.Runtime;

namespace FaultTolerance.Client.Tests.Outcomes;

/// <summary>How the session is kept, and what follows from a gap in it.</summary>
public sealed class SessionTests
{
    private static readonly Digest Value = new("abc", 7);

    [Fact]
    public async Task The_session_is_renewed_each_five_seconds()
    {
        await using var cluster = FakeCluster.Start();
        var reference = await SubmitAsync(cluster);
        var get = cluster.Client.GetAsync(reference);

        var renewals = new List<TimeSpan> { (await cluster.NextListenAsync()).At };
        for (var i = 0; i < 3; i++)
        {
            await cluster.Clock.SetAsync(TimeSpan.FromSeconds(5));
            cluster.Clock.Advance(TimeSpan.FromSeconds(5));
            renewals.Add((await cluster.NextListenAsync()).At);
        }

        Assert.Equal([0, 5, 10, 15], renewals.Select(at => at.TotalSeconds));
        await cluster.TellAsync(FakeCluster.Succeeded(reference.TaskId, Value));
        await get;
    }

    [Fact]
    public async Task A_client_that_does_nothing_falls_silent_and_listens_again_when_it_does()
    {
        await using var cluster = FakeCluster.Start();
        await SubmitAsync(cluster);

        var last = await FallSilentAsync(cluster);
        Assert.Equal(TimeSpan.FromSeconds(55), last);
        var again = cluster.Client.SubmitAsync((FileTasks t) => t.Digest("/b"));
        Assert.Equal(TimeSpan.FromSeconds(60), (await cluster.NextListenAsync()).At);
        (await cluster.NextSubmitAsync()).Accept();
        await again;
    }

    [Fact]
    public async Task A_task_submitted_before_the_silence_is_asked_for_at_once()
    {
        await using var cluster = FakeCluster.Start();
        var reference = await SubmitAsync(cluster);
        await FallSilentAsync(cluster);
        Assert.Equal(0, cluster.Core.Outcomes.Count);

        var get = cluster.Client.GetAsync(reference);
        var question = await cluster.NextQuestionAsync();
        question.Answer([FakeCluster.Succeeded(reference.TaskId, Value)]);

        Assert.Equal(Value, await get);
        Assert.Equal(TimeSpan.FromSeconds(60), question.At);
    }

    [Fact]
    public async Task A_client_that_waits_never_falls_silent()
    {
        await using var cluster = FakeCluster.Start();
        var reference = await SubmitAsync(cluster);
        var get = cluster.Client.GetAsync(reference);
        await cluster.NextListenAsync();

        for (var i = 1; i <= 30; i++)
        {
            await cluster.Clock.SetAsync(TimeSpan.FromSeconds(5));
            cluster.Clock.Advance(TimeSpan.FromSeconds(5));
            Assert.Equal(i * 5, (await cluster.NextListenAsync()).At.TotalSeconds);
        }

        await cluster.TellAsync(FakeCluster.Succeeded(reference.TaskId, Value));
        await get;
    }

    [Fact]
    public async Task After_a_gap_what_is_waited_for_is_asked_at_once()
    {
        await using var cluster = FakeCluster.Start(options => options.Silence = options.MaxSilence = TimeSpan.FromMinutes(1));
        var reference = await SubmitAsync(cluster);
        await cluster.NextListenAsync();
        var get = cluster.Client.GetAsync(reference);
        cluster.AnswersListening = false;

        await cluster.Clock.PassAsync(TimeSpan.FromSeconds(5));
        (await cluster.NextListenAsync()).Fail(new SiloUnavailableException("gone"));
        await cluster.Clock.PassAsync(TimeSpan.FromMilliseconds(50));
        (await cluster.NextListenAsync()).Answer(true);
        var question = await cluster.NextQuestionAsync();
        question.Answer([FakeCluster.Succeeded(reference.TaskId, Value)]);

        Assert.Equal(Value, await get);
        Assert.Equal(TimeSpan.FromSeconds(5.05), question.At);
    }

    [Fact]
    public async Task After_a_gap_what_was_expected_is_asked_for_when_somebody_waits()
    {
        await using var cluster = FakeCluster.Start();
        var reference = await SubmitAsync(cluster);
        await cluster.NextListenAsync();
        cluster.AnswersListening = false;
        await cluster.Clock.PassAsync(TimeSpan.FromSeconds(5));
        (await cluster.NextListenAsync()).Fail(new SiloUnavailableException("gone"));
        await cluster.Clock.PassAsync(TimeSpan.FromMilliseconds(50));
        (await cluster.NextListenAsync()).Answer(true);
        await cluster.Clock.SetAsync(TimeSpan.FromSeconds(5));

        var get = cluster.Client.GetAsync(reference);
        (await cluster.NextQuestionAsync()).Answer([FakeCluster.Succeeded(reference.TaskId, Value)]);

        Assert.Equal(Value, await get);
    }

    [Fact]
    public async Task A_lost_gateway_renews_the_session_and_asks_at_once()
    {
        await using var cluster = FakeCluster.Start();
        var reference = await SubmitAsync(cluster);
        await cluster.NextListenAsync();
        var get = cluster.Client.GetAsync(reference);
        await cluster.Clock.SetAsync(TimeSpan.FromSeconds(5));

        cluster.Core.OnGatewayLost();

        Assert.Equal(TimeSpan.Zero, (await cluster.NextListenAsync()).At);
        var question = await cluster.NextQuestionAsync();
        Assert.Equal(TimeSpan.Zero, question.At);
        question.Answer([FakeCluster.Succeeded(reference.TaskId, Value)]);
        Assert.Equal(Value, await get);
    }

    [Fact]
    public async Task A_lost_gateway_repeats_at_once_what_was_under_way()
    {
        await using var cluster = FakeCluster.Start();
        var submitted = cluster.Client.SubmitAsync((FileTasks t) => t.Digest("/a"));
        var lost = await cluster.NextSubmitAsync();
        await cluster.Clock.SetAsync(TimeSpan.FromSeconds(3));

        cluster.Core.OnGatewayLost();
        await cluster.Clock.PassAsync(TimeSpan.FromMilliseconds(50));
        var repeated = await cluster.NextSubmitAsync();
        repeated.Accept();

        Assert.Equal(lost.Request[0].Id, (await submitted).TaskId);
        Assert.Equal(TimeSpan.FromMilliseconds(50), repeated.At);
        Assert.NotEqual(lost.Key, repeated.Key);
    }

    [Fact]
    public async Task A_renewal_without_an_answer_is_given_up_after_three_seconds()
    {
        await using var cluster = FakeCluster.Start();
        cluster.AnswersListening = false;
        var submitted = cluster.Client.SubmitAsync((FileTasks t) => t.Digest("/a"));
        await cluster.NextListenAsync();

        await cluster.Clock.PassAsync(TimeSpan.FromSeconds(3));
        var submit = await cluster.NextSubmitAsync();
        submit.Accept();

        await submitted;
        Assert.Equal(TimeSpan.FromSeconds(3), submit.At);
    }

    // Returns when the last renewal was.
    private static async Task<TimeSpan> FallSilentAsync(FakeCluster cluster)
    {
        var last = (await cluster.NextListenAsync()).At;
        while (cluster.Clock.Now < TimeSpan.FromSeconds(55))
        {
            await cluster.Clock.PassAsync(TimeSpan.FromSeconds(5));
            last = (await cluster.NextListenAsync()).At;
        }

        await cluster.Clock.PassAsync(TimeSpan.FromSeconds(5));
        return last;
    }

    private static Task<ObjectRef<Digest>> SubmitAsync(FakeCluster cluster) =>
        cluster.AcceptedAsync(client => client.SubmitAsync((FileTasks t) => t.Digest("/a")));
}
