using FaultTolerance.Storage;
using FaultTolerance.Testing.Chaos;
using FaultTolerance.Testing.Networks;

namespace FaultTolerance.Testing.Tests.Chaos;

/// <summary>A cluster of two silos that notes what is done to it, in order.</summary>
internal sealed class FakeSite : IChaosSite
{
    private readonly List<string> _acts = [];

    public FakeSite()
    {
        Lives = new FakeStore(Time);
        Nodes.ToList().ForEach(Lives.Join);
    }

    public FakeTime Time { get; } = new();

    public FakeStore Lives { get; }

    public IReadOnlyList<string> Nodes { get; } = ["silo-1", "silo-2"];

    public IDurableStore Store => Lives;

    public bool HasOtherWork => false;

    /// <summary>Gets or sets the node that holds a lock of the store.</summary>
    public string? LockHolder { get; set; }

    /// <summary>Gets or sets the node whose process has ended, whoever ended it.</summary>
    public string? Ended { get; set; }

    /// <summary>Gets or sets a value indicating whether nobody answers for the cluster.</summary>
    public bool IsSilent { get; set; }

    /// <summary>Gets what was done, in order.</summary>
    public IReadOnlyList<string> Acts => _acts;

    /// <summary>Gets or sets what an act leads to: it may throw, when the act has failed.</summary>
    public Action<string> On { get; set; } = static _ => { };

    /// <summary>Notes an act.</summary>
    public void Note(string act)
    {
        _acts.Add(act);
        On(act);
    }

    public bool Kill(string node) => Do($"kill {node}");

    public bool Pause(string node) => Do($"pause {node}") && Ended != node;

    public bool HoldsLock(string node) => Do($"look at {node}") && LockHolder == node;

    public bool Resume(string node) => Do($"resume {node}") && Ended != node;

    public bool Terminate(string node) => Do($"terminate {node}");

    public Task DrainAsync(NodeIncarnation life, CancellationToken cancellationToken) => DoAsync($"drain {life.Value}");

    public Task StartAgainAsync(string node, CancellationToken cancellationToken) => DoAsync($"start {node}");

    public Task<IReadOnlyList<NodeSnapshot>> ListNodesAsync(CancellationToken cancellationToken) => IsSilent
        ? throw new TimeoutException("Nobody has answered.")
        : Task.FromResult<IReadOnlyList<NodeSnapshot>>([]);

    public Task<string> FindDetectorAsync(CancellationToken cancellationToken) => Task.FromResult(Nodes[0]);

    public Task FailNetworkAsync(string node, NetworkFault fault) => DoAsync($"cut {node}");

    public Task HealNetworkAsync() => DoAsync("heal");

    public Task TakeStoreAsync(ChaosKind kind) => DoAsync($"take {kind}");

    public Task GiveStoreAsync(ChaosKind kind) => DoAsync($"give {kind}");

    private bool Do(string act)
    {
        Note(act);
        return true;
    }

    /// <summary>Does it in a while, so that whoever does not wait for its end is found out.</summary>
    private async Task DoAsync(string act)
    {
        await Task.Yield();
        lock (_acts)
        {
            Note(act);
        }
    }
}
