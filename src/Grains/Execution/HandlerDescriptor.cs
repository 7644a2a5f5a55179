using FaultTolerance.Gateways;
using FaultTolerance.Grains.Tasks;

namespace FaultTolerance.Grains.Execution;

/// <summary>One handler that this silo has, ready to be called.</summary>
internal sealed class HandlerDescriptor
{
    public required string Name { get; init; }

    public required int Version { get; init; }

    /// <summary>The class whose instance is called, made for each attempt with its dependencies injected.</summary>
    public required Type HandlerType { get; init; }

    /// <summary>All parameters, in the method's order.</summary>
    public required IReadOnlyList<HandlerParameter> Parameters { get; init; }

    /// <summary>The full names of the exception types that the handler wants retried.</summary>
    public required IReadOnlyList<string> RetryOn { get; init; }

    /// <summary>Calls the method of an instance with all arguments, and returns what the method returns.</summary>
    public required Func<object, object?[], object?> Call { get; init; }

    /// <summary>Awaits what the method returned and serializes it.</summary>
    public required HandlerResult Result { get; init; }

    /// <summary>The types of what the caller fills in, by <see cref="ParameterTypeName"/>, in order.</summary>
    public IReadOnlyList<string> CallerTypes => field ??= [.. CallerParameters.Select(parameter => ParameterTypeName.Of(parameter.Type))];

    public string Key => TaskSpec.KeyOf(Name, Version);

    /// <summary>The parameters that the caller fills in, in order.</summary>
    public IEnumerable<HandlerParameter> CallerParameters => Parameters.Where(parameter => !parameter.IsFilledByNode);
}
