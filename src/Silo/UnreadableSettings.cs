using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;

namespace FaultTolerance.Silo;

/// <summary>Finds values that are not of their setting's kind: binding would throw on the first of them and say nothing of the rest.</summary>
internal static class UnreadableSettings
{
    private const BindingFlags Named = BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase;

    /// <summary>Returns a sentence for each such value, and puts the setting's default in its place, so that the section can be bound.</summary>
    /// <param name="section">The section to look at.</param>
    /// <param name="type">What it is bound to.</param>
    /// <param name="sections">Further sections below it, by name.</param>
    public static IReadOnlyList<string> Replace(IConfigurationSection section, Type type, IReadOnlyDictionary<string, Type>? sections = null)
    {
        var (faults, defaults) = (new List<string>(), Activator.CreateInstance(type));
        foreach (var child in section.GetChildren())
        {
            var property = type.GetProperty(child.Key, Named);
            var bound = sections?.GetValueOrDefault(child.Key) ?? property?.PropertyType;
            if (bound is not null && IsSection(bound))
            {
                faults.AddRange(Replace(child, bound));
            }
            else if (property is not null && child.Value is { } value && !CanBeRead(property.PropertyType, value))
            {
                faults.Add($"{child.Path} is '{value}', which cannot be read. Write {Allowed(property)}.");
                child.Value = ConverterOf(property.PropertyType).ConvertToInvariantString(property.GetValue(defaults));
            }
        }

        return faults;
    }

    /// <summary>Returns whether settings of ours lie below one that is bound to this type.</summary>
    public static bool IsSection(Type bound) => bound.Assembly.GetName().Name!.StartsWith("FaultTolerance", StringComparison.Ordinal) && !bound.IsEnum;

    /// <summary>Reads the value as the binder will.</summary>
    private static bool CanBeRead(Type type, string value)
    {
        var converter = ConverterOf(type);
        if (!converter.CanConvertFrom(typeof(string)))
        {
            return true; // a list, whose elements are settings of their own
        }

        try
        {
            converter.ConvertFromInvariantString(value);
            return true;
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException or OverflowException or NotSupportedException)
        {
            return false;
        }
    }

    private static string Allowed(PropertyInfo property)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        var kind = type switch
        {
            { IsEnum: true } => string.Join(" or ", Enum.GetNames(type)),
            _ when type == typeof(bool) => "true or false",
            _ when type == typeof(TimeSpan) => "a duration as hours:minutes:seconds",
            _ when type == typeof(double) => "a number",
            _ => "a whole number",
        };
        return property.GetCustomAttribute<RangeAttribute>() is { } range ? $"{kind} from {range.Minimum} to {range.Maximum}" : kind;
    }

    private static TypeConverter ConverterOf(Type type) => TypeDescriptor.GetConverter(type);
}
