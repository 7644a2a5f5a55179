using Orleans.Serialization;

namespace FaultTolerance.Calls;

/// <summary>Serializes arguments as the declared type of their parameter.</summary>
internal abstract class ArgumentWriter
{
    public abstract byte[] Write(object? value);

    /// <summary>Returns a writer; null when nothing can serialize the type.</summary>
    public static ArgumentWriter? For(Type type, Serializer serializer) => CanSerialize(type, serializer)
        ? (ArgumentWriter)Activator.CreateInstance(typeof(ArgumentWriter<>).MakeGenericType(type), serializer)!
        : null;

    // A codec of a collection looks for its elements' codec when it is made, and throws where there is none.
    private static bool CanSerialize(Type type, Serializer serializer)
    {
        try
        {
            return serializer.CanSerialize(type);
        }
        catch (Exception exception) when (exception is SerializerException or InvalidOperationException or System.Reflection.TargetInvocationException)
        {
            return false;
        }
    }
}

/// <inheritdoc/>
internal sealed class ArgumentWriter<T>(Serializer serializer) : ArgumentWriter
{
    private readonly Serializer<T> _serializer = serializer.GetSerializer<T>();

    public override byte[] Write(object? value) => WriteTyped((T)value!);

    public byte[] WriteTyped(T value) => _serializer.SerializeToArray(value);
}
