using System.Text.Json;

namespace FileManifest.Check;

/// <summary>Compares two manifests field by field.</summary>
public static class ManifestDifferences
{
    /// <summary>Returns what differs, each difference as the field's path with both values; nothing when the manifests are equal.</summary>
    /// <param name="expected">One manifest, as JSON.</param>
    /// <param name="actual">The other one, as JSON.</param>
    /// <param name="limit">The most differences to return.</param>
    public static IReadOnlyList<string> Find(ReadOnlyMemory<byte> expected, ReadOnlyMemory<byte> actual, int limit = 20)
    {
        using var left = JsonDocument.Parse(expected);
        using var right = JsonDocument.Parse(actual);
        return [.. Compare("", left.RootElement, right.RootElement).Take(limit)];
    }

    private static IEnumerable<string> Compare(string path, JsonElement expected, JsonElement actual) => (expected.ValueKind, actual.ValueKind) switch
    {
        (JsonValueKind.Object, JsonValueKind.Object) => CompareFields(path, expected, actual),
        (JsonValueKind.Array, JsonValueKind.Array) => CompareItems(path, expected, actual),
        _ when expected.ValueKind == actual.ValueKind && expected.GetRawText() == actual.GetRawText() => [],
        _ when expected.ValueKind == JsonValueKind.String && actual.ValueKind == JsonValueKind.String && expected.GetString() == actual.GetString() => [],
        _ => [$"{path}: expected {expected.GetRawText()}, was {actual.GetRawText()}"],
    };

    private static IEnumerable<string> CompareFields(string path, JsonElement expected, JsonElement actual)
    {
        foreach (var field in expected.EnumerateObject())
        {
            var name = path.Length == 0 ? field.Name : $"{path}.{field.Name}";
            var differences = actual.TryGetProperty(field.Name, out var other)
                ? Compare(name, field.Value, other)
                : [$"{name}: expected {field.Value.GetRawText()}, was missing"];
            foreach (var difference in differences)
            {
                yield return difference;
            }
        }

        foreach (var field in actual.EnumerateObject().Where(field => !expected.TryGetProperty(field.Name, out _)))
        {
            yield return $"{(path.Length == 0 ? field.Name : $"{path}.{field.Name}")}: expected none, was {field.Value.GetRawText()}";
        }
    }

    private static IEnumerable<string> CompareItems(string path, JsonElement expected, JsonElement actual)
    {
        if (expected.GetArrayLength() != actual.GetArrayLength())
        {
            yield return $"{path}: expected {expected.GetArrayLength()} items, was {actual.GetArrayLength()}";
        }

        foreach (var (index, (left, right)) in expected.EnumerateArray().Zip(actual.EnumerateArray()).Index())
        {
            foreach (var difference in Compare($"{path}[{index}]", left, right))
            {
                yield return difference;
            }
        }
    }
}
