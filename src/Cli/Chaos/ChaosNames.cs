using System.Text.Json;
using FaultTolerance.Testing.Chaos;

namespace FaultTolerance.Cli.Chaos;

/// <summary>The names of kinds of faults on command lines and in JSON.</summary>
internal static class ChaosNames
{
    private static readonly Dictionary<string, ChaosKind> ByName = Enum.GetValues<ChaosKind>().ToDictionary(Of, StringComparer.OrdinalIgnoreCase);

    public static string Of(ChaosKind kind) => JsonNamingPolicy.CamelCase.ConvertName(kind.ToString());

    public static ChaosKind? Find(string name) => ByName.TryGetValue(name, out var kind) ? kind : null;
}
