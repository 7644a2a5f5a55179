using System.Collections.Concurrent;
using FaultTolerance.Payloads;
using Orleans.Serialization;

namespace FaultTolerance.Results;

/// <summary>Reads the results of tasks out of their frames.</summary>
/// <remarks>
/// A frame has no element for no result, one for a value, and one for each element of a tuple, so that each can be taken by
/// itself. A tuple that is asked for as a whole is put together again.
/// </remarks>
internal sealed class ResultReader(Serializer serializer)
{
    private readonly ConcurrentDictionary<Type, ResultCodec> _codecs = new();

    /// <summary>Reads one element, or the whole result.</summary>
    /// <exception cref="InvalidDataException">The frame does not hold such a value.</exception>
    public T Read<T>(ReadOnlyMemory<byte> frame, int index)
    {
        if (typeof(T) == typeof(NoResult))
        {
            return default!;
        }

        return index != ObjectRef.Whole || PayloadFrame.Count(frame) == 1
            ? ((ResultCodec<T>)Codec(typeof(T))).ReadTyped(PayloadFrame.Element(frame, index == ObjectRef.Whole ? 0 : index))
            : (T)ReadTuple(typeof(T), frame);
    }

    private object ReadTuple(Type type, ReadOnlyMemory<byte> frame)
    {
        var count = PayloadFrame.Count(frame);
        if (count == 0)
        {
            throw new InvalidDataException("The task has no result.");
        }

        var isTuple = type is { IsConstructedGenericType: true, IsValueType: true } && type.FullName!.StartsWith("System.ValueTuple`", StringComparison.Ordinal);
        if (!isTuple || type.GenericTypeArguments.Length != count)
        {
            throw new InvalidDataException($"The result is a tuple of {count} elements.");
        }

        var values = new object?[count];
        for (var i = 0; i < count; i++)
        {
            values[i] = Codec(type.GenericTypeArguments[i]).Read(PayloadFrame.Element(frame, i));
        }

        return Activator.CreateInstance(type, values)!;
    }

    private ResultCodec Codec(Type type) => _codecs.TryGetValue(type, out var codec)
        ? codec
        : _codecs.GetOrAdd(type, (ResultCodec)Activator.CreateInstance(typeof(ResultCodec<>).MakeGenericType(type), serializer)!);
}
