using FaultTolerance.Gateways;

namespace FaultTolerance.Grains.Execution;

/// <summary>Reads the arguments of a call.</summary>
internal static class ArgumentReading
{
    /// <summary>Reads the next argument for a parameter.</summary>
    /// <exception cref="InvalidArgumentException">The argument is missing or cannot be read as the parameter's type.</exception>
    public static object? Read(
        HandlerParameter parameter, IReadOnlyList<TaskArgument> given, int index, IReadOnlyDictionary<TaskId, ReadOnlyMemory<byte>>? results)
    {
        if (index >= given.Count)
        {
            throw new InvalidArgumentException($"The call has {given.Count} arguments; parameter '{parameter.Name}' would be number {index + 1}.");
        }

        try
        {
            return given[index] switch
            {
                { Kind: ArgumentKind.Value } argument => parameter.Codec!.Read(argument.Value),
                { Kind: ArgumentKind.Result, Sources: [var source] } => parameter.Codec!.Read(DependencyResults.Pick(source, results![source.TaskId])),
                var argument when parameter.ElementCodec is { } element =>
                    element.ReadMany([.. argument.Sources.Select(source => DependencyResults.Pick(source, results![source.TaskId]))]),
                _ => throw new InvalidArgumentException($"Parameter '{parameter.Name}' of type {parameter.Type} cannot take the results of many tasks."),
            };
        }
        catch (Exception exception) when (exception is not InvalidArgumentException)
        {
            throw new InvalidArgumentException($"The argument for parameter '{parameter.Name}' cannot be read as {parameter.Type}: {exception.Message}", exception);
        }
    }
}
