using System.Net;
using System.Net.Sockets;
using FaultTolerance.Grains.FailureDetection;
using FaultTolerance.Grains.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using static FaultTolerance.Grains.Tests.Nodes.NodeFacts;

namespace FaultTolerance.Grains.Tests.FailureDetection;

public sealed class NodeVerifierTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Connection_and_call_have_one_limit_together_so_that_a_witness_has_answered_within_its_own()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var node = Info(1) with { Address = SiloAddress.New((IPEndPoint)listener.LocalEndpoint, 1) };
        var time = new SlowTime(TimeSpan.FromSeconds(0.6));

        Assert.False(await Verifier(new FakeLink { Probe = new TaskCompletionSource<NodeIncarnation>().Task }, time).AnswersAsync(node));

        Assert.Equal([Limit, TimeSpan.FromSeconds(0.4)], time.Waits); // the connection took 0.6 s
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public async Task Only_the_very_life_that_was_called_answers(int life, bool answers)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var node = Info(1) with { Address = SiloAddress.New((IPEndPoint)listener.LocalEndpoint, 1) };

        Assert.Equal(answers, await Verifier(new FakeLink { Probe = Task.FromResult(Life(life)) }, TimeProvider.System).AnswersAsync(node));
    }

    [Fact]
    public async Task A_witness_has_one_limit_and_one_that_does_not_answer_has_no_answer()
    {
        var time = new SlowTime(TimeSpan.Zero);

        Assert.False(await Verifier(new FakeLink { Reaches = new TaskCompletionSource<bool>().Task }, time).AnswersAsync(Info(1), Info(2)));
        Assert.False(await Verifier(new FakeLink(), time).AnswersAsync(Info(1), Info(2)));
        Assert.True(await Verifier(new FakeLink { Reaches = Task.FromResult(true) }, time).AnswersAsync(Info(1), Info(2)));

        Assert.Equal([Limit], time.Waits);
    }

    private static NodeVerifier Verifier(INodeLink link, TimeProvider time) =>
        new(_ => link, Options.Create(new NodeDetectionOptions { VerificationTimeout = Limit }), time, NullLogger<NodeVerifier>.Instance);

    /// <summary>Passes by a step each time that it is looked at, and notes every wait. The last one is over at once.</summary>
    private sealed class SlowTime(TimeSpan step) : TimeProvider
    {
        private long _now;

        public List<TimeSpan> Waits { get; } = [];

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now += step.Ticks;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Waits.Add(dueTime);
            var isLast = dueTime < Limit || step == TimeSpan.Zero;
            return base.CreateTimer(callback, state, isLast ? TimeSpan.Zero : Timeout.InfiniteTimeSpan, period);
        }
    }
}
