using System.Net;
using FaultTolerance.Testing.Networks;

namespace FaultTolerance.Testing.Tests.Networks;

public sealed class NetworkRulesTests
{
    private static readonly IPAddress Host = IPAddress.Parse("198.18.0.1");

    [Theory]
    [InlineData(NetworkParty.Everybody, "counter drop", "counter drop")]
    [InlineData(NetworkParty.Peers, "ip saddr != 198.18.0.1 counter drop", "ip daddr != 198.18.0.1 counter drop")]
    [InlineData(NetworkParty.Store, "ip saddr 198.18.0.1 tcp sport 5432 counter drop", "ip daddr 198.18.0.1 tcp dport 5432 counter drop")]
    public void A_cut_drops_what_comes_from_and_goes_to_the_party_and_lets_the_node_talk_to_itself(NetworkParty with, string arriving, string leaving) =>
        Assert.Equal(Table(arriving, leaving), NetworkRules.Of(new NetworkFault(with), Host, 5_432));

    [Theory]
    [InlineData(NetworkDirection.In, "counter drop", "accept")]
    [InlineData(NetworkDirection.Out, "accept", "counter drop")]
    public void A_cut_of_one_way_leaves_the_other(NetworkDirection direction, string arriving, string leaving) =>
        Assert.Equal(Table(arriving, leaving), NetworkRules.Of(new NetworkFault(Direction: direction), Host, 5_432));

    [Fact]
    public void A_loss_draws_for_each_packet() =>
        Assert.Equal(
            Table("numgen random mod 100 < 30 counter drop", "numgen random mod 100 < 30 counter drop"),
            NetworkRules.Of(new NetworkFault(LossPercent: 30), Host, 5_432));

    [Fact]
    public void The_packets_that_both_ways_have_lost_are_counted() =>
        Assert.Equal(
            12,
            NetworkRules.CountDropped(Lines(
                "table ip faults {",
                "chain input { iifname \"lo\" accept",
                "numgen random mod 100 < 30 counter packets 5 bytes 300 drop }",
                "chain output { counter packets 7 bytes 420 drop } }")));

    [Fact]
    public void A_healed_network_has_no_rules() =>
        Assert.Equal(Lines("table ip faults", "delete table ip faults"), NetworkRules.Of(null, Host, 5_432));

    [Fact]
    public void New_connections_are_led_through_the_driver() =>
        Assert.Equal(
            Lines(
                "table ip ways",
                "delete table ip ways",
                "table ip ways {",
                "chain output { type nat hook output priority -100; policy accept;",
                "ip daddr 198.18.0.3 tcp dport 11111 dnat to 198.18.0.1:40000",
                "}",
                "}"),
            NetworkRules.Of([(new IPEndPoint(IPAddress.Parse("198.18.0.3"), 11_111), new IPEndPoint(Host, 40_000))]));

    private static string Table(string arriving, string leaving) => Lines(
        "table ip faults",
        "delete table ip faults",
        "table ip faults {",
        $"chain input {{ type filter hook input priority 200; policy accept; iifname \"lo\" accept; {arriving}; }}",
        $"chain output {{ type filter hook output priority -200; policy accept; oifname \"lo\" accept; {leaving}; }}",
        "}");

    private static string Lines(params string[] lines) => string.Join('\n', lines) + "\n";
}
