using FaultTolerance.Grains.FailureDetection;
using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Tests.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace FaultTolerance.Grains.Tests.FailureDetection;

/// <summary>What the detector is told of calls that failed.</summary>
public sealed class NodeSuspicionsTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly List<string> _told = [];
    private readonly NodeSuspicions _suspicions;

    public NodeSuspicionsTests() => _suspicions = new NodeSuspicions(TellAsync, new MonotonicClock(_time), _time, NullLogger<NodeSuspicions>.Instance);

    [Fact]
    public void The_detector_is_told_of_a_call_that_failed()
    {
        Fail(1);

        Assert.Equal([$"{NodeFacts.Life(1)}: A call to it failed: It is away."], _told);
    }

    [Fact]
    public void However_many_calls_fail_it_is_told_of_one_node_once_in_five_seconds()
    {
        Fail(1, 1, 2, 1, 2);
        Assert.Equal(2, _told.Count);

        _time.Advance(NodeSuspicions.Pause);
        Fail(1, 1);

        Assert.Equal(3, _told.Count);
    }

    private void Fail(params int[] nodes)
    {
        foreach (var node in nodes)
        {
            _suspicions.OnCallFailed(NodeFacts.Life(node), new TimeoutException("It is away."));
        }
    }

    private Task TellAsync(NodeIncarnation node, string reason)
    {
        _told.Add($"{node}: {reason}");
        return Task.CompletedTask;
    }
}
