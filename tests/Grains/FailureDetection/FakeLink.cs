using FaultTolerance.Grains.Nodes;

namespace FaultTolerance.Grains.Tests.FailureDetection;

/// <summary>The link to a silo that answers what the test says, and no question that it says nothing of.</summary>
internal sealed class FakeLink : INodeLink
{
    public Task<NodeIncarnation> Probe { get; init; } = Task.FromException<NodeIncarnation>(new TimeoutException());

    public Task<bool> Reaches { get; init; } = Task.FromException<bool>(new TimeoutException());

    public Task<bool> SeesNone { get; init; } = Task.FromException<bool>(new TimeoutException());

    public Task<NodeIncarnation> ProbeAsync() => Probe;

    public Task<bool> ReachesAsync(NodeInfo node) => Reaches;

    public Task<bool> SeesNoneAsync(NodeInfo node) => SeesNone;

    public Task HintAsync() => throw new NotSupportedException();

    public Task VoidAsync(IReadOnlyList<AttemptName> attempts) => throw new NotSupportedException();

    public Task<IReadOnlyList<string>?> GetParameterTypesAsync(string handler) => throw new NotSupportedException();

    public Task LookForOrdersAsync() => throw new NotSupportedException();

    public Task<bool> IsCutOffAsync() => throw new NotSupportedException();
}
