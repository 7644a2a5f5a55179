using Orleans.Serialization;

namespace FaultTolerance.Grains.Execution;

/// <summary>Reads and writes values of one declared type with Orleans' serializer.</summary>
internal abstract class PayloadCodec
{
    /// <summary>Makes the codec of a type.</summary>
    public static PayloadCodec For(Type type, Serializer serializer) =>
        (PayloadCodec)Activator.CreateInstance(typeof(PayloadCodec<>).MakeGenericType(type), serializer)!;

    public abstract object? Read(ReadOnlyMemory<byte> payload);

    public abstract byte[] Write(object? value);

    /// <summary>Reads many values into an array of the type.</summary>
    public abstract Array ReadMany(IReadOnlyList<ReadOnlyMemory<byte>> payloads);
}

/// <inheritdoc/>
internal sealed class PayloadCodec<T>(Serializer serializer) : PayloadCodec
{
    private readonly Serializer<T> _serializer = serializer.GetSerializer<T>();

    public override object? Read(ReadOnlyMemory<byte> payload) => _serializer.Deserialize(payload);

    public override byte[] Write(object? value) => _serializer.SerializeToArray((T)value!);

    public override Array ReadMany(IReadOnlyList<ReadOnlyMemory<byte>> payloads)
    {
        var values = new T[payloads.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = _serializer.Deserialize(payloads[i])!;
        }

        return values;
    }
}
