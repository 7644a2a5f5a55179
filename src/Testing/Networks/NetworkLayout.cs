using System.Globalization;
using System.Net;
using System.Text;

namespace FaultTolerance.Testing.Networks;

/// <summary>The names and addresses of one network, and the commands that build and remove it. Pure but for the look at what there is.</summary>
/// <param name="Number">The network's number on this machine.</param>
internal sealed record NetworkLayout(int Number)
{
    private const string Prefix = "ftn";
    private const int FirstNode = 2;

    /// <summary>The most nodes that a network holds.</summary>
    public const int MaxNodes = 250;

    /// <summary>Gets the address of this machine on the network.</summary>
    public IPAddress Host => Address(1);

    /// <summary>Gets the name of the bridge that joins the nodes.</summary>
    public string Bridge => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Number}");

    public IReadOnlyList<NetworkNode> Nodes(int count) =>
        [.. Enumerable.Range(0, count).Select(i => string.Create(CultureInfo.InvariantCulture, $"silo-{i + 1}"))
            .Select((name, i) => new NetworkNode(name, Address(FirstNode + i), $"{Bridge}-{name}"))];

    /// <summary>Returns the commands that build the network.</summary>
    public string Build(IReadOnlyList<NetworkNode> nodes)
    {
        var script = new StringBuilder()
            .AppendLine(CultureInfo.InvariantCulture, $"ip link add {Bridge} type bridge")
            .AppendLine(CultureInfo.InvariantCulture, $"ip addr add {Host}/24 dev {Bridge}")
            .AppendLine(CultureInfo.InvariantCulture, $"ip link set {Bridge} up");
        foreach (var (node, i) in nodes.Select((node, i) => (node, i)))
        {
            script
                .AppendLine(CultureInfo.InvariantCulture, $"ip netns add {node.Namespace}")
                .AppendLine(CultureInfo.InvariantCulture, $"ip link add {Bridge}n{i} type veth peer name eth0 netns {node.Namespace}")
                .AppendLine(CultureInfo.InvariantCulture, $"ip link set {Bridge}n{i} master {Bridge} up")
                .AppendLine(CultureInfo.InvariantCulture, $"ip -n {node.Namespace} addr add {node.Address}/24 dev eth0")
                .AppendLine(CultureInfo.InvariantCulture, $"ip -n {node.Namespace} link set lo up")
                .AppendLine(CultureInfo.InvariantCulture, $"ip -n {node.Namespace} link set eth0 up");
        }

        return script.ToString();
    }

    /// <summary>Returns the commands that remove what there is of the network, the bridge last: while it is there something may be left.</summary>
    public string Remove()
    {
        var script = new StringBuilder();
        foreach (var link in Links().Where(link => link.StartsWith($"{Bridge}n", StringComparison.Ordinal)))
        {
            script.AppendLine(CultureInfo.InvariantCulture, $"ip link del {link}");
        }

        var namespaces = Directory.Exists(NetworkCommands.PathOf("")) ? Directory.EnumerateFiles(NetworkCommands.PathOf(""), $"{Bridge}-*") : [];
        foreach (var name in namespaces.Select(Path.GetFileName))
        {
            script.AppendLine(CultureInfo.InvariantCulture, $"ip netns del {name}");
        }

        if (Links().Contains(Bridge))
        {
            script.AppendLine(CultureInfo.InvariantCulture, $"ip link del {Bridge}");
        }

        return script.ToString();
    }

    /// <summary>Returns the numbers of the networks that there are on this machine.</summary>
    public static IEnumerable<int> Present() => Links()
        .Select(link => link.StartsWith(Prefix, StringComparison.Ordinal)
            && int.TryParse(link.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1)
        .Where(number => number >= 0);

    private static IEnumerable<string> Links() => Directory.EnumerateFileSystemEntries("/sys/class/net").Select(path => Path.GetFileName(path));

    private IPAddress Address(int place) => new([198, 18, (byte)Number, (byte)place]);
}
