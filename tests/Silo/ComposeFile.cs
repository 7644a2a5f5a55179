using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.Serialization;

namespace FaultTolerance.Silo.Tests;

/// <summary>The services of <c>docker-compose.yml</c>, as far as a process can be started from them.</summary>
internal sealed partial class ComposeFile
{
    private readonly Dictionary<object, object> _services;
    private readonly IReadOnlyDictionary<string, string> _variables;

    private ComposeFile(Dictionary<object, object> services, IReadOnlyDictionary<string, string> variables) => (_services, _variables) = (services, variables);

    /// <summary>Reads the file.</summary>
    /// <param name="variables">What the user has set in the environment of compose.</param>
    public static ComposeFile Read(IReadOnlyDictionary<string, string> variables)
    {
        var parser = new MergingParser(new Parser(File.OpenText(Path.Combine(AppContext.BaseDirectory, "docker-compose.yml"))));
        parser.Consume<StreamStart>();
        var file = new DeserializerBuilder().Build().Deserialize<Dictionary<string, object>>(parser);
        return new ComposeFile((Dictionary<object, object>)file["services"], variables);
    }

    /// <summary>Returns the environment of a service, with the user's variables put in.</summary>
    public Dictionary<string, string> Environment(string service) =>
        ((Dictionary<object, object>)Get(service, "environment")).ToDictionary(pair => (string)pair.Key, pair => Expand((string)pair.Value));

    /// <summary>Returns the command by which a service is asked for its health, word by word.</summary>
    public IReadOnlyList<string> HealthCheck(string service)
    {
        var test = ((List<object>)((Dictionary<object, object>)Get(service, "healthcheck"))["test"]).Cast<string>().ToList();
        Assert.Equal("CMD", test[0]);
        return test[1..];
    }

    /// <summary>Returns where the folders that are mounted into a service lie in it.</summary>
    public IEnumerable<string> Mounts(string service) => ((List<object>)Get(service, "volumes")).Select(volume => ((string)volume).Split(':')[1]);

    private object Get(string service, string part) => ((Dictionary<object, object>)_services[service])[part];

    private string Expand(string text) => Variable().Replace(text, match => _variables[match.Groups[1].Value]);

    [GeneratedRegex(@"\$\{(\w+):\?[^}]*\}")]
    private static partial Regex Variable();
}
