using System.Globalization;
using System.Reflection;
using Orleans.Concurrency;

namespace FaultTolerance.Architecture.Tests.Contracts;

/// <summary>What silos and clients of different versions must agree on, and what rows hold that an older version wrote, as lines to be read and compared.</summary>
/// <remarks>
/// Names in angle brackets are the aliases that travel; those of C# stand beside them. Nullable reference types are left out:
/// they are not on the wire.
/// </remarks>
internal static class WireContract
{
    private const BindingFlags Declared =
        BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>Writes down the whole contract of some types.</summary>
    public static IReadOnlyList<string> Describe(IReadOnlyCollection<Type> types) =>
    [
        .. Sections(types.Where(IsGrainInterface), Interface),
        .. Sections(types.Where(IsGrain), type => [$"grain {TypeNames.Of(type)} <{type.GetCustomAttribute<GrainTypeAttribute>()?.GetGrainType(null!, null!)}>"]),
        .. Sections(types.Where(IsSerialized), Record),
        .. Sections(types.Where(IsSerialized).SelectMany(Members).SelectMany(member => Parts(TypeOf(member))).Where(type => type.IsEnum && types.Contains(type)).Distinct(), Enumeration),
    ];

    /// <summary>Says what would be named by accident: after a type, a signature or an order that anybody may change.</summary>
    public static IEnumerable<string> Holes(IReadOnlyCollection<Type> types) =>
    [
        .. types.Where(type => IsGrainInterface(type) || IsSerialized(type)).Where(type => Alias(type) is null)
            .Select(type => $"{type.FullName} has no [Alias]: give it one."),
        .. types.Where(IsGrain).Where(type => !type.IsDefined(typeof(GrainTypeAttribute), inherit: false))
            .Select(type => $"{type.FullName} has no [GrainType]: give it one."),
        .. types.Where(IsGrainInterface).SelectMany(type => type.GetMethods()).SelectMany(HolesOf),
        .. types.Where(IsSerialized).SelectMany(Unnumbered)
            .Select(member => $"{member.DeclaringType!.FullName}.{member.Name} has no [Id]: give it one, or [NonSerialized] in a field."),
        .. types.Where(IsSerialized).SelectMany(type => Members(type).GroupBy(Id).Where(same => same.Count() > 1)
            .Select(same => $"{type.FullName} has [Id({same.Key})] on {string.Join(" and ", same.Select(member => member.Name))}.")),
        .. types.Select(type => (Type: type, Alias: Alias(type))).Where(named => named.Alias is not null).GroupBy(named => named.Alias)
            .Where(same => same.Count() > 1).Select(same => $"[Alias(\"{same.Key}\")] is on {string.Join(" and ", same.Select(named => named.Type.FullName))}."),
    ];

    private static IEnumerable<string> Sections(IEnumerable<Type> types, Func<Type, IEnumerable<string>> lines) =>
        types.OrderBy(type => type.FullName, StringComparer.Ordinal).SelectMany(lines);

    private static bool IsGrainInterface(Type type) =>
        type.IsInterface && (typeof(IAddressable).IsAssignableFrom(type) || typeof(IGrainObserver).IsAssignableFrom(type));

    private static bool IsGrain(Type type) => type is { IsClass: true, IsAbstract: false } && typeof(IGrain).IsAssignableFrom(type) && !IsGenerated(type);

    private static bool IsSerialized(Type type) => type.IsDefined(typeof(GenerateSerializerAttribute), inherit: false);

    // Orleans' own proxies are grains to reflection, too.
    private static bool IsGenerated(Type type) => type.IsDefined(typeof(System.CodeDom.Compiler.GeneratedCodeAttribute), inherit: false);

    private static IEnumerable<string> Interface(Type type) =>
    [
        $"interface {TypeNames.Of(type)} <{Alias(type)}> : {string.Join(", ", type.GetInterfaces().Select(TypeNames.Of).Order(StringComparer.Ordinal))}",
        .. type.GetMethods().OrderBy(method => method.Name, StringComparer.Ordinal).Select(method =>
            $"  <{Alias(method)}> {TypeNames.Of(method.ReturnType)} {method.Name}({string.Join(", ", method.GetParameters().Select(parameter => TypeNames.Of(parameter.ParameterType)))})" +
            $"{(method.IsDefined(typeof(OneWayAttribute)) ? " one way" : "")} within {Timeout(method)}"),
    ];

    private static IEnumerable<string> Record(Type type) =>
    [
        $"{(type.IsValueType ? "struct" : "class")} {TypeNames.Of(type)} <{Alias(type)}>{(type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType) ? $" : {TypeNames.Of(parent)}" : "")}",
        .. Members(type).OrderBy(Id).Select(member => $"  {Id(member)} {TypeNames.Of(TypeOf(member))} {member.Name}"),
    ];

    private static IEnumerable<string> Enumeration(Type type) =>
    [
        $"enum {TypeNames.Of(type)} : {TypeNames.Of(Enum.GetUnderlyingType(type))}",
        .. type.GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (field.Name, Value: Convert.ToInt64(field.GetRawConstantValue(), CultureInfo.InvariantCulture)))
            .OrderBy(member => member.Value).Select(member => $"  {member.Value} {member.Name}"),
    ];

    private static IEnumerable<string> HolesOf(MethodInfo method)
    {
        if (Alias(method) is null)
        {
            yield return $"{method.DeclaringType!.FullName}.{method.Name} has no [Alias]: give it one.";
        }

        if (Timeout(method) is null)
        {
            yield return $"{method.DeclaringType!.FullName}.{method.Name} has no [ResponseTimeout]: say how long a caller waits.";
        }
    }

    private static IEnumerable<MemberInfo> Members(Type type) => type.GetMembers(Declared).Where(member => member.IsDefined(typeof(IdAttribute)));

    /// <summary>Automatic properties and fields that hold something which would be left out of what is sent.</summary>
    private static IEnumerable<MemberInfo> Unnumbered(Type type) => type.GetFields(Declared)
        .Where(field => !field.IsDefined(typeof(NonSerializedAttribute)) && !field.IsDefined(typeof(IdAttribute)))
        .Select(field => Property(field) ?? (MemberInfo)field)
        .Where(member => !member.IsDefined(typeof(IdAttribute)));

    private static PropertyInfo? Property(FieldInfo field) =>
        field.Name.StartsWith('<') ? field.DeclaringType!.GetProperty(field.Name[1..field.Name.IndexOf('>', StringComparison.Ordinal)], Declared) : null;

    private static string? Alias(MemberInfo member) => member.GetCustomAttribute<AliasAttribute>(inherit: false)?.Alias;

    private static TimeSpan? Timeout(MethodInfo method) => method.GetCustomAttribute<ResponseTimeoutAttribute>()?.Timeout;

    private static uint Id(MemberInfo member) => member.GetCustomAttribute<IdAttribute>()!.Id;

    private static Type TypeOf(MemberInfo member) => member is FieldInfo field ? field.FieldType : ((PropertyInfo)member).PropertyType;

    private static IEnumerable<Type> Parts(Type type) => type.GetGenericArguments().SelectMany(Parts).Append(type.GetElementType() ?? type);
}
