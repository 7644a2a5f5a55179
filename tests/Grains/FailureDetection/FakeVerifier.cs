using FaultTolerance.Grains.FailureDetection;

namespace FaultTolerance.Grains.Tests.FailureDetection;

/// <summary>Answers for nodes and witnesses as the test says, and notes who was asked.</summary>
internal sealed class FakeVerifier : INodeVerifier
{
    private readonly Dictionary<NodeIncarnation, TaskCompletionSource<bool>> _hanging = [];

    public List<NodeIncarnation> Asked { get; } = [];

    public HashSet<NodeIncarnation> Answering { get; } = [];

    /// <summary>Gets the witnesses that were asked.</summary>
    public List<string> Witnesses { get; } = [];

    /// <summary>Gets the witnesses that have an answer of every node.</summary>
    public HashSet<string> Reaching { get; } = [];

    /// <summary>Lets the next calls to a node wait for their answer.</summary>
    public TaskCompletionSource<bool> Hang(NodeIncarnation node) => _hanging[node] = new TaskCompletionSource<bool>();

    public Task<bool> AnswersAsync(NodeInfo node)
    {
        Asked.Add(node.Incarnation);
        return _hanging.TryGetValue(node.Incarnation, out var hanging) ? hanging.Task : Task.FromResult(Answering.Contains(node.Incarnation));
    }

    public Task<bool> AnswersAsync(NodeInfo node, NodeInfo witness)
    {
        Witnesses.Add(witness.Name);
        return Task.FromResult(Reaching.Contains(witness.Name));
    }
}
