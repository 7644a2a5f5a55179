using FaultTolerance.Gateways;
using Orleans.Runtime;

namespace FaultTolerance.Client.Tests.Clusters;

/// <summary>Gives out the grains of a <see cref="FakeCluster"/>.</summary>
internal sealed class FakeGrainFactory(FakeCluster cluster) : IGrainFactory
{
    public TGrainInterface GetGrain<TGrainInterface>(Guid primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithGuidKey => typeof(TGrainInterface) == typeof(ISessionGrain)
            ? (TGrainInterface)(object)new FakeCluster.Mailbox(cluster)
            : (TGrainInterface)(object)new FakeCluster.TaskAddress(cluster, primaryKey);

    public TGrainInterface GetGrain<TGrainInterface>(long primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithIntegerKey => typeof(TGrainInterface) == typeof(IClusterQueryGrain)
            ? (TGrainInterface)(object)cluster.Incidents
            : (TGrainInterface)(object)new FakeCluster.Gateway(cluster, primaryKey);

    public TGrainObserverInterface CreateObjectReference<TGrainObserverInterface>(IGrainObserver obj)
        where TGrainObserverInterface : IGrainObserver => (TGrainObserverInterface)obj;

    public void DeleteObjectReference<TGrainObserverInterface>(IGrainObserver obj)
        where TGrainObserverInterface : IGrainObserver
    {
    }

    public TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithStringKey => throw NotUsed();

    public TGrainInterface GetGrain<TGrainInterface>(Guid primaryKey, string keyExtension, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithGuidCompoundKey => throw NotUsed();

    public TGrainInterface GetGrain<TGrainInterface>(long primaryKey, string keyExtension, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithIntegerCompoundKey => throw NotUsed();

    public IGrain GetGrain(Type grainInterfaceType, Guid grainPrimaryKey) => throw NotUsed();

    public IGrain GetGrain(Type grainInterfaceType, long grainPrimaryKey) => throw NotUsed();

    public IGrain GetGrain(Type grainInterfaceType, string grainPrimaryKey) => throw NotUsed();

    public IGrain GetGrain(Type grainInterfaceType, Guid grainPrimaryKey, string keyExtension) => throw NotUsed();

    public IGrain GetGrain(Type grainInterfaceType, long grainPrimaryKey, string keyExtension) => throw NotUsed();

    public TGrainInterface GetGrain<TGrainInterface>(GrainId grainId)
        where TGrainInterface : IAddressable => throw NotUsed();

    public IAddressable GetGrain(GrainId grainId) => throw NotUsed();

    public IAddressable GetGrain(GrainId grainId, GrainInterfaceType interfaceType) => throw NotUsed();

    public IAddressable GetGrain(Type interfaceType, IdSpan grainKey, string grainClassNamePrefix) => throw NotUsed();

    public IAddressable GetGrain(Type interfaceType, IdSpan grainKey) => throw NotUsed();

    private static NotSupportedException NotUsed() => new("The client reaches gateways, sessions, tasks and queries only.");
}
