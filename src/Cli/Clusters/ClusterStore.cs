using FaultTolerance.Storage;
using FaultTolerance.Storage.Engines;
using FaultTolerance.Testing.Checking;

namespace FaultTolerance.Cli.Clusters;

/// <summary>Where a cluster keeps its data, as its silos, its clients and <c>ft</c> itself need to know it.</summary>
internal abstract class ClusterStore
{
    /// <summary>Gets the store's name for people.</summary>
    public abstract string Title { get; }

    /// <summary>Gets the settings of the silo host that choose the store.</summary>
    public abstract IReadOnlyDictionary<string, string> SiloSettings { get; }

    /// <summary>Gets what counts outcomes behind the back of the cluster.</summary>
    public IOutcomeAudit Audit => AuditNamed(IOutcomeAudit.DefaultName);

    /// <summary>Opens the store beside the silos.</summary>
    /// <exception cref="StoreException">The database cannot be used; the message names the remedy.</exception>
    public Task<IDurableStore> OpenAsync(CancellationToken cancellationToken) =>
        DurableStoreFactory.OpenAsync(CreateEngine(), cancellationToken: cancellationToken);

    /// <summary>Has a client find the silos.</summary>
    public abstract void Configure(IClientBuilder client);

    /// <summary>Returns what counts outcomes beside others that do so.</summary>
    public abstract IOutcomeAudit AuditNamed(string name);

    /// <summary>Returns the store's kind and place, by which it is told from others, without user and password.</summary>
    /// <param name="folder">The folder from which it is looked at: a store that lies in it moves along with it.</param>
    public abstract string PlaceFrom(string folder);

    /// <summary>Returns where a run's data and logs lie, in words.</summary>
    /// <param name="folder">The run's folder.</param>
    public abstract string Remains(string folder);

    /// <summary>Deletes all that the store holds. Nobody may use it any more.</summary>
    public abstract Task DeleteAsync();

    /// <summary>Returns whether a process, which has to stand still, holds a lock of the store for which others that wait for it end it.</summary>
    public virtual bool IsHeldBy(int processId) => false;

    /// <summary>Makes an engine on the store, not yet initialized.</summary>
    public abstract IStorageEngine CreateEngine();
}
