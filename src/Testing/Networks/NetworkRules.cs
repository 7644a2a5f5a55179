using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace FaultTolerance.Testing.Networks;

/// <summary>Writes what a node's network does as rules of nftables, for the node's own namespace. Pure.</summary>
/// <remarks>
/// The kernel must see the addresses that the node itself uses, also where its connections are led through a
/// <see cref="DelayingProxy"/>: so what leaves is filtered before it is led elsewhere, what arrives after that was undone.
/// </remarks>
internal static partial class NetworkRules
{
    private const int BeforeRedirection = -200;
    private const int AfterRedirection = 200;

    /// <summary>Returns the rules that replace those of an earlier fault.</summary>
    /// <param name="fault">The fault; null heals.</param>
    /// <param name="host">The address of this machine, where the store and clients are.</param>
    /// <param name="storePort">The store's port there.</param>
    public static string Of(NetworkFault? fault, IPAddress host, int storePort)
    {
        var rules = Replace("faults");
        if (fault is not null)
        {
            var loss = fault.LossPercent == 100 ? "" : string.Create(CultureInfo.InvariantCulture, $"numgen random mod 100 < {fault.LossPercent} ");
            var (from, to) = fault.With switch
            {
                NetworkParty.Everybody => ("", ""),
                NetworkParty.Peers => ($"ip saddr != {host} ", $"ip daddr != {host} "),
                NetworkParty.Store => (Store("saddr", "sport"), Store("daddr", "dport")),
                _ => throw new ArgumentOutOfRangeException(nameof(fault), fault.With, "There is no such party."),
            };
            rules.AppendLine("table ip faults {");
            Chain(rules, "input", AfterRedirection, "iifname", fault.Direction != NetworkDirection.Out ? $"{from}{loss}counter drop" : "accept");
            Chain(rules, "output", BeforeRedirection, "oifname", fault.Direction != NetworkDirection.In ? $"{to}{loss}counter drop" : "accept");
            rules.AppendLine("}");
        }

        return rules.ToString();

        string Store(string address, string port) => string.Create(CultureInfo.InvariantCulture, $"ip {address} {host} tcp {port} {storePort} ");
    }

    /// <summary>Returns the rules that lead new connections elsewhere, in place of those that did before.</summary>
    /// <param name="ways">From where to where.</param>
    public static string Of(IEnumerable<(IPEndPoint From, IPEndPoint To)> ways)
    {
        var rules = Replace("ways").AppendLine("table ip ways {").AppendLine("chain output { type nat hook output priority -100; policy accept;");
        foreach (var (from, to) in ways)
        {
            rules.AppendLine(CultureInfo.InvariantCulture, $"ip daddr {from.Address} tcp dport {from.Port} dnat to {to}");
        }

        return rules.AppendLine("}").AppendLine("}").ToString();
    }

    /// <summary>Returns how many packets the rules of a fault have dropped.</summary>
    /// <param name="table">The table of the faults, as nftables lists it.</param>
    public static long CountDropped(string table) => DropCounter().Matches(table).Sum(match => long.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture));

    /// <summary>Makes a table, in case there is none, to delete it: the whole of a script is carried out at once or not at all.</summary>
    private static StringBuilder Replace(string table) => new StringBuilder().AppendLine($"table ip {table}").AppendLine($"delete table ip {table}");

    [GeneratedRegex(@"counter packets (\d+) bytes \d+ drop")]
    private static partial Regex DropCounter();

    private static void Chain(StringBuilder rules, string hook, int priority, string link, string rule) => rules.AppendLine(
        CultureInfo.InvariantCulture,
        $"chain {hook} {{ type filter hook {hook} priority {priority}; policy accept; {link} \"lo\" accept; {rule}; }}");
}
