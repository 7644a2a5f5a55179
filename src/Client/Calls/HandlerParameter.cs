using System.Reflection;
using Orleans.Serialization;

namespace FaultTolerance.Calls;

/// <summary>One parameter of a handler, as calls see it.</summary>
internal sealed class HandlerParameter
{
    public HandlerParameter(ParameterInfo parameter, Serializer serializer)
    {
        Name = parameter.Name ?? $"#{parameter.Position}";
        Position = parameter.Position;
        Type = parameter.ParameterType;
        IsFilledIn = FilledIn(Type);
        Writer = IsFilledIn ? null : ArgumentWriter.For(Type, serializer);
        Element = FanIn.ElementOf(Type);
    }

    public string Name { get; }

    public int Position { get; }

    public Type Type { get; }

    /// <summary>Gets a value indicating whether the node fills the parameter in; the call then carries nothing for it.</summary>
    public bool IsFilledIn { get; }

    /// <summary>Gets what serializes a value; null when nothing can.</summary>
    public ArgumentWriter? Writer { get; }

    /// <summary>Gets the type of the elements where the parameter takes the results of many; null where it cannot.</summary>
    public Type? Element { get; }

    public static bool FilledIn(Type type) => type == typeof(CancellationToken) || type == typeof(TaskContext);
}
