using FaultTolerance.Storage;
using FaultTolerance.Testing.Networks;

namespace FaultTolerance.Testing.Chaos;

/// <summary>A cluster to which faults can be done.</summary>
internal interface IChaosSite
{
    /// <summary>Gets the names of the silos.</summary>
    IReadOnlyList<string> Nodes { get; }

    /// <summary>Gets the cluster's store, opened beside the silos.</summary>
    IDurableStore Store { get; }

    /// <summary>Gets a value indicating whether the cluster may have other work than the run's own.</summary>
    bool HasOtherWork { get; }

    /// <summary>Kills a silo's process; false when there is none any more.</summary>
    bool Kill(string node);

    /// <summary>Has a silo's process stand still, as it does on return; false when there is none any more.</summary>
    bool Pause(string node);

    /// <summary>Returns whether a silo's process, which stands still, does so with a lock of the store: the others end it for that.</summary>
    bool HoldsLock(string node);

    /// <summary>Lets it go on; false when there is none any more.</summary>
    bool Resume(string node);

    /// <summary>Asks a silo to leave; false when there is none any more.</summary>
    bool Terminate(string node);

    /// <summary>Asks the cluster to drain a life of a node.</summary>
    Task DrainAsync(NodeIncarnation life, CancellationToken cancellationToken);

    /// <summary>Starts a silo again that has left in order, once its process has ended.</summary>
    Task StartAgainAsync(string node, CancellationToken cancellationToken);

    /// <summary>Returns the nodes as the failure detector sees them. It is asked again for a while where it does not answer.</summary>
    /// <exception cref="TimeoutException">It has not answered; or another exception says so.</exception>
    Task<IReadOnlyList<NodeSnapshot>> ListNodesAsync(CancellationToken cancellationToken);

    /// <summary>Returns the node that the failure detector is on.</summary>
    Task<string> FindDetectorAsync(CancellationToken cancellationToken);

    /// <summary>Has the network fail for a silo, in place of how it failed before.</summary>
    Task FailNetworkAsync(string node, NetworkFault fault);

    /// <summary>Ends whatever the network does to anybody; a repeat changes nothing.</summary>
    Task HealNetworkAsync();

    /// <summary>Takes the store away.</summary>
    Task TakeStoreAsync(ChaosKind kind);

    /// <summary>Gives it back; a repeat changes nothing.</summary>
    Task GiveStoreAsync(ChaosKind kind);
}
