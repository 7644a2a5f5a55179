using System.Globalization;
using System.Text;

namespace FaultTolerance.Gateways;

/// <summary>Writes a parameter's declared type as text that is the same in every process.</summary>
/// <remarks>
/// A full name without assemblies and versions, so that client and silo agree although they run other builds:
/// <c>System.Collections.Generic.IReadOnlyList&lt;System.String[]&gt;</c>. It is compared, never turned back into a type.
/// </remarks>
public static class ParameterTypeName
{
    /// <summary>Returns the name of a closed type.</summary>
    /// <exception cref="ArgumentException">The type has open parameters, or is a pointer or a reference.</exception>
    public static string Of(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        if (type.ContainsGenericParameters || type.IsByRef || type.IsPointer || type.IsFunctionPointer)
        {
            throw new ArgumentException($"{type} has no name as a parameter's type: it is open, a pointer or a reference.", nameof(type));
        }

        var name = new StringBuilder();
        Append(name, type);
        return name.ToString();
    }

    private static void Append(StringBuilder name, Type type)
    {
        if (type.IsArray)
        {
            Append(name, type.GetElementType()!);
            name.Append('[').Append(',', type.GetArrayRank() - 1).Append(']');
            return;
        }

        AppendPath(name, type, type.GetGenericArguments());
    }

    // Outer<A>.Inner<B> has the arguments [A, B]; each part of the path takes as many as its own arity says.
    private static void AppendPath(StringBuilder name, Type type, ReadOnlySpan<Type> arguments)
    {
        var before = 0;
        if (type.DeclaringType is { } outer)
        {
            before = outer.GetGenericArguments().Length;
            AppendPath(name, outer, arguments[..before]);
            name.Append('+');
        }
        else if (!string.IsNullOrEmpty(type.Namespace))
        {
            name.Append(CultureInfo.InvariantCulture, $"{type.Namespace}.");
        }

        var own = arguments[before..];
        name.Append(own.IsEmpty ? type.Name : type.Name[..type.Name.LastIndexOf('`')]);
        for (var i = 0; i < own.Length; i++)
        {
            name.Append(i == 0 ? '<' : ',');
            Append(name, own[i]);
        }

        if (!own.IsEmpty)
        {
            name.Append('>');
        }
    }
}
