namespace FaultTolerance.Silo;

/// <summary>Finds settings that nothing reads: a misspelt name would otherwise leave the default in force without a word.</summary>
internal static class UnknownSettings
{
    /// <summary>Returns a sentence for each unknown name, with the known one that is most like it.</summary>
    /// <param name="section">The section to look at.</param>
    /// <param name="type">What it is bound to.</param>
    /// <param name="sections">Further sections below it, by name.</param>
    public static IEnumerable<string> Find(IConfigurationSection section, Type type, IReadOnlyDictionary<string, Type>? sections = null)
    {
        var known = type.GetProperties().Where(property => property.CanWrite).ToDictionary(
            property => property.Name, property => property.PropertyType, StringComparer.OrdinalIgnoreCase);
        foreach (var (name, bound) in sections ?? new Dictionary<string, Type>())
        {
            known[name] = bound;
        }

        foreach (var child in section.GetChildren())
        {
            if (!known.TryGetValue(child.Key, out var bound))
            {
                var nearest = known.Keys.MinBy(name => Distance(name, child.Key))!;
                yield return $"{child.Path} is no setting. Did you mean {section.Path}:{nearest}?";
            }
            else if (UnreadableSettings.IsSection(bound))
            {
                foreach (var below in Find(child, bound))
                {
                    yield return below;
                }
            }
        }
    }

    /// <summary>How many letters must be put in, taken out or replaced to make one name of the other, whatever their case (Levenshtein 1966).</summary>
    private static int Distance(string one, string other)
    {
        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 1; i <= one.Length; i++)
        {
            var (diagonal, left) = (row[0], i);
            row[0] = i;
            for (var j = 1; j <= other.Length; j++)
            {
                var isSame = char.ToUpperInvariant(one[i - 1]) == char.ToUpperInvariant(other[j - 1]);
                left = Math.Min(Math.Min(left, row[j]) + 1, diagonal + (isSame ? 0 : 1));
                (diagonal, row[j]) = (row[j], left);
            }
        }

        return row[^1];
    }
}
