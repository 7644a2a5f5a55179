using FaultTolerance.Gateways;
using FaultTolerance.Grains.Gateways;
using FaultTolerance.Grains.Tasks;
using Microsoft.Extensions.Options;
using Orleans.Serialization;
using Orleans.Serialization.Serializers;

namespace FaultTolerance.Grains.Execution;

/// <summary>Writes and reads the progress of tasks, by the serializer and the rules of arguments and results.</summary>
internal sealed class ProgressCodec(Serializer serializer, ICodecProvider codecs, IOptions<TaskLimits> limits)
{
    /// <summary>Serializes progress.</summary>
    /// <exception cref="ProgressTypeException">The type, or what is in the value, cannot be serialized.</exception>
    /// <exception cref="ProgressTooLargeException">It takes more than TaskLimits.MaxProgress.</exception>
    public byte[] Write<T>(TaskId task, T progress)
    {
        var type = NameOf<T>();
        if (codecs.TryGetCodec<T>() is null)
        {
            throw new ProgressTypeException(task, type, null,
                $"The progress of task {task} is of type {type}, which cannot be serialized. Mark the type with [GenerateSerializer] and its members with [Id].");
        }

        byte[] value;
        try
        {
            value = serializer.SerializeToArray(progress);
        }
        catch (Exception exception)
        {
            throw new ProgressTypeException(task, type, null, $"The progress of task {task}, of type {type}, cannot be serialized: {exception.Message}", exception);
        }

        return value.Length <= limits.Value.MaxProgress ? value : throw new ProgressTooLargeException(task, value.Length, limits.Value.MaxProgress);
    }

    /// <summary>Reads saved progress.</summary>
    /// <exception cref="ProgressTypeException">It is of another type, or its bytes cannot be read.</exception>
    public T Read<T>(TaskId task, SavedProgress saved)
    {
        var type = NameOf<T>();
        if (type != saved.Type)
        {
            throw new ProgressTypeException(task, type, saved.Type,
                $"The progress of task {task}, saved by attempt {saved.Attempt}, is of type {saved.Type} and was asked for as {type}. " +
                "Ask for the type that it was saved as, or raise the handler's version where the type has changed.");
        }

        try
        {
            return serializer.Deserialize<T>(saved.Value)!;
        }
        catch (Exception exception)
        {
            throw new ProgressTypeException(task, type, saved.Type,
                $"The progress of task {task}, saved by attempt {saved.Attempt}, cannot be read as {type}: {exception.Message} " +
                "Keep the [Id] of members over builds, or raise the handler's version.", exception);
        }
    }

    public static string NameOf<T>() => ParameterTypeName.Of(typeof(T));
}
