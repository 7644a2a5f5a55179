using System.Runtime.CompilerServices;
using Orleans.Serialization;

namespace FaultTolerance.Grains.Execution;

/// <summary>Awaits what a handler returned and serializes its elements: none, one, or a tuple's.</summary>
internal abstract class HandlerResult
{
    /// <summary>Makes the reader of a return type.</summary>
    public static HandlerResult For(Type returnType, Serializer serializer)
    {
        if (returnType == typeof(void) || returnType == typeof(Task) || returnType == typeof(ValueTask))
        {
            return new NothingResult();
        }

        var definition = returnType.IsGenericType ? returnType.GetGenericTypeDefinition() : null;
        var isAwaited = definition == typeof(Task<>) || definition == typeof(ValueTask<>);
        var type = isAwaited ? returnType.GetGenericArguments()[0] : returnType;
        return (HandlerResult)Activator.CreateInstance(typeof(ValueResult<>).MakeGenericType(type), Elements(type, serializer), IsTuple(type))!;
    }

    /// <summary>Awaits the handler.</summary>
    public abstract ValueTask<byte[][]> ReadAsync(object? returned);

    private static PayloadCodec[] Elements(Type type, Serializer serializer) => IsTuple(type)
        ? [.. type.GetGenericArguments().Select(element => PayloadCodec.For(element, serializer))]
        : [PayloadCodec.For(type, serializer)];

    // Tuples of more than seven elements nest; they are one value like any other.
    private static bool IsTuple(Type type) =>
        type.IsGenericType && type.IsValueType && type.IsAssignableTo(typeof(ITuple)) && type.GetGenericArguments().Length is > 1 and < 8;

    private sealed class NothingResult : HandlerResult
    {
        public override async ValueTask<byte[][]> ReadAsync(object? returned)
        {
            switch (returned)
            {
                case Task task:
                    await task;
                    break;
                case ValueTask task:
                    await task;
                    break;
                default:
                    break;
            }

            return [];
        }
    }

    private sealed class ValueResult<T>(PayloadCodec[] elements, bool isTuple) : HandlerResult
    {
        public override async ValueTask<byte[][]> ReadAsync(object? returned)
        {
            var value = returned switch
            {
                Task<T> task => await task,
                ValueTask<T> task => await task,
                _ => (T)returned!,
            };
            if (!isTuple)
            {
                return [elements[0].Write(value)];
            }

            var tuple = (ITuple)value!;
            return [.. elements.Select((element, i) => element.Write(tuple[i]))];
        }
    }
}
