using System.Globalization;

namespace FaultTolerance.Storage.PostgreSql;

/// <summary>One script that brings the tables from one version to the next.</summary>
/// <param name="Version">The version that the tables have after it.</param>
/// <param name="IsOfOrleans">Whether it is about Orleans' own tables, in their own schema.</param>
/// <param name="Sql">The statements.</param>
internal sealed record Migration(int Version, bool IsOfOrleans, string Sql)
{
    /// <summary>Gets all scripts, oldest first. A released one is never changed.</summary>
    public static IReadOnlyList<Migration> All { get; } = [.. Load()];

    /// <summary>Gets the version that this release works with.</summary>
    public static int CurrentVersion => All[^1].Version;

    private static IEnumerable<Migration> Load()
    {
        var assembly = typeof(Migration).Assembly;
        var names = assembly.GetManifestResourceNames().Where(name => name.EndsWith(".sql", StringComparison.Ordinal));
        foreach (var name in names.Order(StringComparer.Ordinal))
        {
            // The name reads 0001.rows.sql or 0001.orleans.sql.
            var parts = name.Split('.');
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            yield return new Migration(
                int.Parse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture), parts[1] == "orleans", reader.ReadToEnd());
        }
    }
}
