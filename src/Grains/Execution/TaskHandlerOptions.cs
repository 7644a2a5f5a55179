using System.Reflection;

namespace FaultTolerance.Grains.Execution;

/// <summary>Which handlers a silo has.</summary>
public sealed class TaskHandlerOptions
{
    private readonly HashSet<Type> _types = [];

    /// <summary>Gets the classes that are looked through for methods with <see cref="TaskHandlerAttribute"/>.</summary>
    public IReadOnlyCollection<Type> HandlerTypes => _types;

    /// <summary>Adds the handlers of one class.</summary>
    public TaskHandlerOptions Add<THandler>()
        where THandler : class
    {
        _types.Add(typeof(THandler));
        return this;
    }

    /// <summary>Adds the handlers of every public class in an assembly that has any.</summary>
    public TaskHandlerOptions AddAssembly(Assembly assembly)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        _types.UnionWith(assembly.GetExportedTypes().Where(HasHandlers));
        return this;
    }

    private static bool HasHandlers(Type type) =>
        type is { IsClass: true, IsAbstract: false } &&
        type.GetInterfaces().Prepend(type).Any(t => t.GetMethods().Any(method => method.IsDefined(typeof(TaskHandlerAttribute))));
}
