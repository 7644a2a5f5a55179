using Orleans.Serialization;

namespace FaultTolerance.Results;

/// <summary>Deserializes one element of a result as its declared type.</summary>
internal abstract class ResultCodec
{
    public abstract object? Read(ReadOnlyMemory<byte> bytes);
}

/// <inheritdoc/>
internal sealed class ResultCodec<T>(Serializer serializer) : ResultCodec
{
    private readonly Serializer<T> _serializer = serializer.GetSerializer<T>();

    public override object? Read(ReadOnlyMemory<byte> bytes) => ReadTyped(bytes);

    public T ReadTyped(ReadOnlyMemory<byte> bytes) => _serializer.Deserialize(bytes)!;
}
