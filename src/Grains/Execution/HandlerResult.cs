using System.Runtime.CompilerServices;
using Orleans.Serialization;

namespace FaultTolerance.Grains.Execution;

/// <summary>Awaits what a handler returned and serializes its elements: none, one, or a tuple's.</summary>
internal abstract class HandlerResult
{
    /// <summary>Makes the reader of a return type.</summary>
    public static HandlerResult For(Type returnType, Serializer serializer)
    {
        if (ValueType(returnType) is not { } type)
        {
            return new NothingResult();
        }

        var elements = ElementTypes(returnType).Select(element => PayloadCodec.For(element, serializer)).ToArray();
        return (HandlerResult)Activator.CreateInstance(typeof(ValueResult<>).MakeGenericType(type), elements, IsTuple(type))!;
    }

    /// <summary>Returns the types of the elements that a return type gives: none, one, or a tuple's.</summary>
    public static Type[] ElementTypes(Type returnType) => ValueType(returnType) switch
    {
        null => [],
        var type when IsTuple(type) => type.GetGenericArguments(),
        var type => [type],
    };

    /// <summary>Awaits the handler.</summary>
    public abstract ValueTask<byte[][]> ReadAsync(object? returned);

    /// <summary>Returns the type of the value that is awaited or returned; null for none.</summary>
    private static Type? ValueType(Type returnType)
    {
        if (returnType == typeof(void) || returnType == typeof(Task) || returnType == typeof(ValueTask))
        {
            return null;
        }

        var definition = returnType.IsGenericType ? returnType.GetGenericTypeDefinition() : null;
        return definition == typeof(Task<>) || definition == typeof(ValueTask<>) ? returnType.GetGenericArguments()[0] : returnType;
    }

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
