using System.Reflection;
using FaultTolerance.Grains.Tasks;

namespace FaultTolerance.Testing.Messages;

/// <summary>The messages that our grains, grain services and observers take, read from their interfaces.</summary>
public static class ClusterMessages
{
    private static readonly Assembly[] Ours = [typeof(ITaskGrain).Assembly, typeof(TaskGrain).Assembly];

    /// <summary>Gets every message of the library, as <c>IInterface.Method</c>: those of our own interfaces, and those of Orleans' that a grain of ours takes.</summary>
    public static IReadOnlyList<string> All { get; } = Of(Ours);

    /// <summary>Returns the messages of some assemblies. Overloads of a method are one message.</summary>
    public static IReadOnlyList<string> Of(params Assembly[] assemblies) => [.. MethodsOf(assemblies).Select(NameOf).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Returns the methods behind the messages of some assemblies.</summary>
    public static IReadOnlyList<MethodInfo> MethodsOf(params Assembly[] assemblies)
    {
        var types = assemblies.SelectMany(assembly => assembly.GetTypes()).ToList();
        var declared = types.Where(IsAddress);
        var taken = types.Where(type => type.IsClass && typeof(IGrainBase).IsAssignableFrom(type)).SelectMany(type => type.GetInterfaces()).Where(IsAddress);
        return [.. declared.Concat(taken).Distinct().SelectMany(type => type.GetMethods().Where(method => !method.IsStatic && !method.IsSpecialName))];
    }

    internal static string NameOf(MethodInfo method) => $"{method.DeclaringType!.Name}.{method.Name}";

    internal static bool IsOurs(Type type) => Ours.Contains(type.Assembly) || type == typeof(IRemindable);

    private static bool IsAddress(Type type) => type.IsInterface && typeof(IAddressable).IsAssignableFrom(type);
}
