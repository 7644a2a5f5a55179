using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.Serialization;

namespace FaultTolerance.Architecture.Tests;

public sealed partial class ComposeTests
{
    private static readonly Dictionary<string, Dictionary<string, object>> Services = Read();

    [Fact]
    public void Three_silos_and_one_PostgreSQL_are_composed()
    {
        Assert.Equal(["postgres", "silo-1", "silo-2", "silo-3"], Services.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("postgres:15", Services["postgres"]["image"]);
    }

    [Fact]
    public void Every_setting_of_a_silo_is_one_that_the_host_reads()
    {
        var settings = SettingName().Matches(Repository.Read("src/Silo/SiloSettings.cs"))
            .Select(match => match.Groups[1].Value).ToHashSet();

        foreach (var (silo, service) in Services.Where(service => service.Key.StartsWith("silo", StringComparison.Ordinal)))
        {
            var environment = (Dictionary<object, object>)service["environment"];
            Assert.Equal(silo, environment["FaultTolerance__Name"]);
            Assert.All(environment.Keys, key => Assert.Contains(((string)key).Replace("FaultTolerance__", "", StringComparison.Ordinal), settings));
        }
    }

    [Fact]
    public void All_silos_use_the_same_store_and_cluster()
    {
        var silos = Services.Where(service => service.Key.StartsWith("silo", StringComparison.Ordinal))
            .Select(service => (Dictionary<object, object>)service.Value["environment"]).ToList();

        Assert.Single(silos.Select(silo => silo["FaultTolerance__Store"]).Distinct());
        Assert.Single(silos.Select(silo => silo["FaultTolerance__ClusterId"]).Distinct());
        Assert.Contains("Host=postgres;", (string)silos[0]["FaultTolerance__Store"], StringComparison.Ordinal);
    }

    [Fact]
    public void No_port_of_this_machine_is_given_out_twice()
    {
        var ports = Services.Values.Where(service => service.ContainsKey("ports"))
            .SelectMany(service => (List<object>)service["ports"]).Select(port => ((string)port).Split(':')[0]).ToList();

        Assert.Equal(ports.Count, ports.Distinct().Count());
    }

    [Fact]
    public void The_image_is_built_from_a_file_that_exists()
    {
        var build = (Dictionary<object, object>)Services["silo-1"]["build"];

        Assert.Contains("src/Silo", Repository.Read((string)build["dockerfile"]), StringComparison.Ordinal);
    }

    private static Dictionary<string, Dictionary<string, object>> Read()
    {
        var parser = new MergingParser(new Parser(new StringReader(Repository.Read("docker-compose.yml"))));
        parser.Consume<StreamStart>();
        var file = new DeserializerBuilder().Build().Deserialize<Dictionary<string, object>>(parser);
        return ((Dictionary<object, object>)file["services"]).ToDictionary(
            service => (string)service.Key,
            service => ((Dictionary<object, object>)service.Value).ToDictionary(pair => (string)pair.Key, pair => pair.Value));
    }

    [GeneratedRegex(@"public \S+ (\w+) \{ get; set; \}")]
    private static partial Regex SettingName();
}
