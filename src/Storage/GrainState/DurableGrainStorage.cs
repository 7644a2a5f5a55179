using System.Globalization;
using FaultTolerance.Storage.Engines;
using Orleans.Serialization;
using Orleans.Serialization.Serializers;
using Orleans.Storage;

namespace FaultTolerance.Storage.GrainState;

/// <summary>Orleans' grain storage on the cluster's store. The etag is the token of the row's newest writer.</summary>
/// <remarks>
/// A write whose outcome the store could not learn in time is a retryable <see cref="StoreException"/>. If it had landed after
/// all, the activation's next write is a conflict and the activation starts again from what is stored: nothing is overwritten unseen.
/// </remarks>
/// <param name="name">The provider's name, the first part of each key.</param>
/// <param name="store">The cluster's store.</param>
/// <param name="serializer">Orleans' serializer.</param>
/// <param name="activators">Makes the state of a grain that has none.</param>
internal sealed class DurableGrainStorage(string name, IDurableStore store, Serializer serializer, IActivatorProvider activators)
    : IGrainStorage
{
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        ReadStateAsync(stateName, grainId, grainState, CancellationToken.None);

    public async Task ReadStateAsync<T>(
        string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
    {
        var key = KeyOf(stateName, grainId);
        var row = await store.ReadStateAsync(key, cancellationToken);
        grainState.State = row?.State is { } state ? Deserialize<T>(key, state) : Empty<T>();
        grainState.RecordExists = row?.State is not null;
        grainState.ETag = row is null ? null : EtagOf(row.Token);
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        WriteStateAsync(stateName, grainId, grainState, CancellationToken.None);

    public async Task WriteStateAsync<T>(
        string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
    {
        await CommitAsync(KeyOf(stateName, grainId), grainState, serializer.SerializeToArray(grainState.State), cancellationToken);
        grainState.RecordExists = true;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        ClearStateAsync(stateName, grainId, grainState, CancellationToken.None);

    public async Task ClearStateAsync<T>(
        string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
    {
        await CommitAsync(KeyOf(stateName, grainId), grainState, null, cancellationToken);
        grainState.RecordExists = false;
        grainState.State = Empty<T>();
    }

    private async Task CommitAsync<T>(string key, IGrainState<T> grainState, byte[]? state, CancellationToken cancellationToken)
    {
        var token = store.NewToken();
        if (!await store.WriteStateAsync(new GrainStateWrite(key, TokenOf(grainState.ETag), token, state), cancellationToken))
        {
            var stored = await store.ReadStateAsync(key, cancellationToken);
            throw new InconsistentStateException(
                $"The state {key} was written by somebody else since it was read here. Nothing was changed.",
                stored is null ? null : EtagOf(stored.Token),
                grainState.ETag);
        }

        grainState.ETag = EtagOf(token);
    }

    /// <summary>Returns the row's key: the provider, the state's name, the grain's type and key.</summary>
    /// <remarks>Only the grain's key may hold any character, and it comes last: no two states share a key.</remarks>
    private string KeyOf(string stateName, GrainId grainId) => stateName.Contains('/')
        ? throw new ArgumentException($"The state name {stateName} contains a slash, which the store keeps for itself. Name the state otherwise.", nameof(stateName))
        : $"{name}/{stateName}/{grainId}";

    private T Deserialize<T>(string key, byte[] state)
    {
        try
        {
            return serializer.Deserialize<T>(state) ?? Empty<T>();
        }
        catch (Exception exception)
        {
            throw new StoreException(
                StoreFault.Unusable,
                $"The stored state {key} cannot be read as {typeof(T)}: {exception.Message} Start a version that knows the type, or clear the state.",
                exception);
        }
    }

    private T Empty<T>() => activators.GetActivator<T>().Create();

    private static string EtagOf(long token) => token.ToString("x16", CultureInfo.InvariantCulture);

    private static long? TokenOf(string? etag) =>
        etag is null ? null : long.Parse(etag, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
