using System.Collections.Immutable;
using FaultTolerance.Grains.FailureDetection;
using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Scheduling;
using FaultTolerance.Grains.Tasks;
using FaultTolerance.Grains.Telemetry;

namespace FaultTolerance.Grains.Tests.Nodes;

/// <summary>A pipeline that holds what the test says, and keeps what it is told.</summary>
internal sealed class FakePipeline : INodePipeline
{
    private readonly List<PipelineEvent> _posted = [];
    private TaskCompletionSource<PipelineSnapshot>? _stuck;

    public PipelineSnapshot Holds { get; set; } = new(0, [], true);

    /// <summary>Whether the pipeline takes no turns. What it was asked meanwhile it answers once it takes turns again.</summary>
    public bool IsStuck
    {
        get => _stuck is not null;
        set
        {
            _stuck?.TrySetResult(Holds);
            _stuck = value ? new TaskCompletionSource<PipelineSnapshot>() : null;
        }
    }

    public int Offers { get; private set; }

    public IReadOnlyList<PipelineEvent> Posted
    {
        get
        {
            lock (_posted)
            {
                return [.. _posted];
            }
        }
    }

    /// <summary>The newest that it was told of the lease; null when it was told nothing.</summary>
    public LeaseChanged? Lease => Posted.OfType<LeaseChanged>().LastOrDefault();

    /// <summary>Called with each event as it is posted.</summary>
    public Action<PipelineEvent> OnPost { get; set; } = _ => { };

    public void Post(PipelineEvent happened)
    {
        lock (_posted)
        {
            _posted.Add(happened);
        }

        OnPost(happened);
    }

    public void OfferWork() => Offers++;

    public Task<PipelineSnapshot> InspectAsync() => _stuck?.Task ?? Task.FromResult(Holds);
}

/// <summary>Notes who is told of void attempts, and answers when the test lets it.</summary>
internal sealed class RecordedVoids : IAttemptVoids
{
    public List<IReadOnlyList<(NodeIncarnation Owner, AttemptName Attempt)>> Told { get; } = [];

    /// <summary>Gets what ends when the nodes are first told.</summary>
    public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Gets or sets what ends with the answer of the nodes.</summary>
    public Task Answer { get; set; } = Task.CompletedTask;

    public Task TellAsync(IEnumerable<(NodeIncarnation Owner, AttemptName Attempt)> attempts)
    {
        Told.Add([.. attempts]);
        Asked.TrySetResult();
        return Answer;
    }
}

/// <summary>Knows of processes what the test says.</summary>
internal sealed class FakeProver : IProcessProver
{
    private readonly HashSet<NodeIncarnation> _gone = [];

    /// <summary>The nodes to which a connection was allowed.</summary>
    public HashSet<NodeIncarnation> Connected { get; } = [];

    /// <summary>The nodes whose hosts refuse connections.</summary>
    public HashSet<NodeIncarnation> Refusing { get; } = [];

    /// <summary>The nodes whose hosts accept connections.</summary>
    public HashSet<NodeIncarnation> Listening { get; } = [];

    public void Bury(NodeIncarnation node) => _gone.Add(node);

    public Task<ProcessProof> ProveAsync(NodeInfo node, bool mayConnect, CancellationToken cancellationToken)
    {
        if (mayConnect)
        {
            Connected.Add(node.Incarnation);
        }

        return Task.FromResult(_gone.Contains(node.Incarnation) ? new ProcessProof(ProcessFate.Gone, "It is gone.")
            : Refusing.Contains(node.Incarnation) ? new ProcessProof(ProcessFate.Refused, "It refuses.")
            : Listening.Contains(node.Incarnation) ? new ProcessProof(ProcessFate.Listening, "It listens.")
            : ProcessProof.None);
    }
}

/// <summary>Peers that say what the test says; at first there is one, and it reaches the store.</summary>
internal sealed class FakePeers : IPeerPoll
{
    public Func<IReadOnlyList<PeerWord>> Say { get; set; } = () => [new PeerWord("node-1", PeerStanding.ReachesStore)];

    public Task<IReadOnlyList<PeerWord>> AskAsync(TimeSpan limit, CancellationToken cancellationToken) => Task.FromResult(Say());
}

/// <summary>Ends nothing.</summary>
internal sealed class FakeProcessEnd : IProcessEnd
{
    public List<string> Reasons { get; } = [];

    public void End(string reason) => Reasons.Add(reason);
}

/// <summary>Keeps what it hears, each event as a word and its subject.</summary>
internal sealed class RecordedEvents : IClusterEvents
{
    private readonly List<string> _heard = [];

    public IReadOnlyList<string> Heard
    {
        get
        {
            lock (_heard)
            {
                return [.. _heard];
            }
        }
    }

    public List<IncidentSnapshot> Incidents { get; } = [];

    public void OnNodeJoined(NodeInfo node) => Add("joined", node.Name);

    public void OnLeaseLost(NodeInfo node) => Add("lease lost", node.Name);

    public void OnLeaseRegained(NodeInfo node) => Add("lease regained", node.Name);

    public void OnNodeQuarantined(NodeInfo node, NodeOrder order) => Add("quarantined", node.Name);

    public void OnNodeReleased(NodeInfo node) => Add("released", node.Name);

    public void OnDrainStarted(NodeInfo node) => Add("drain started", node.Name);

    public void OnNodeLeft(NodeInfo node) => Add("left", node.Name);

    public void OnNodeSuspected(NodeInfo node, string reason) => Add("suspected", node.Name);

    public void OnNodeAliveAgain(NodeInfo node) => Add("alive again", node.Name);

    public void OnNodeDead(IncidentSnapshot incident) => Add("dead", incident);

    public void OnRecoveryStarted(IncidentSnapshot incident) => Add("recovery started", incident);

    public void OnRecoveryCompleted(IncidentSnapshot incident) => Add("recovery completed", incident);

    public void OnRecoveryOverdue(IncidentSnapshot incident) => Add("recovery overdue", incident);

    public void OnAttemptOverdue(IncidentSnapshot incident) => Add($"{incident.Kind} of an attempt", incident);

    public void OnActorAliveAgain(IncidentSnapshot incident) => Add("actor alive again", incident);

    /// <summary>Gets or sets what ends when an incident of something else than a node is recorded.</summary>
    public TaskCompletionSource? OnIncidentRecorded { get; set; }

    public void OnIncident(IncidentSnapshot incident)
    {
        Add($"incident {incident.Kind}", incident);
        OnIncidentRecorded?.TrySetResult();
    }

    private void Add(string happened, IncidentSnapshot incident)
    {
        Incidents.Add(incident);
        Add(happened, incident.Node ?? incident.Key);
    }

    private void Add(string happened, string node)
    {
        lock (_heard)
        {
            _heard.Add($"{node} {happened}");
        }
    }
}

/// <summary>Orleans' membership as the test says; asked to kill, it remembers.</summary>
internal sealed class FakeMembership : IClusterMembershipService
{
    private ImmutableDictionary<SiloAddress, ClusterMember> _members = ImmutableDictionary<SiloAddress, ClusterMember>.Empty;
    private long _version;

    public List<SiloAddress> Killed { get; } = [];

    public ClusterMembershipSnapshot CurrentSnapshot => new(_members, new MembershipVersion(_version));

    public IAsyncEnumerable<ClusterMembershipSnapshot> MembershipUpdates => throw new NotSupportedException("No test follows the updates.");

    public void Show(NodeInfo node, SiloStatus status)
    {
        _members = _members.SetItem(node.Address, new ClusterMember(node.Address, status, node.Name));
        _version++;
    }

    public ValueTask Refresh(MembershipVersion minimumVersion = default, CancellationToken cancellationToken = default) => default;

    /// <summary>Whether a request to kill is never answered.</summary>
    public bool IsStuck { get; set; }

    public Task<bool> TryKill(SiloAddress siloAddress)
    {
        Killed.Add(siloAddress);
        return IsStuck ? new TaskCompletionSource<bool>().Task : Task.FromResult(true);
    }
}
