using FaultTolerance.Grains.FailureDetection;
using FaultTolerance.Grains.Nodes;
using FaultTolerance.Storage.Engines;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Hosting;

namespace FaultTolerance.Grains.Tests.Nodes;

/// <summary>What a profile sets, and what may be said beside it.</summary>
public sealed class NodeProfileTests
{
    /// <summary>lease, heartbeat, look, acceptable pause, deviation, verification; Orleans' probe, least, longest, refresh; all in seconds.</summary>
    public static TheoryData<NodeProfile, double[]> Profiles => new()
    {
        { NodeProfile.Fast, [1.75, 0.25, 0.25, 0.25, 0.05, 0.3, 0.5, 0.25, 1, 2] },
        { NodeProfile.Balanced, [6, 1, 1, 1, 0.1, 1, 1, 0.5, 2.5, 5] },
        { NodeProfile.Cloud, [13, 2, 2, 3, 0.2, 2.5, 2, 1, 5, 10] },
    };

    [Theory]
    [MemberData(nameof(Profiles))]
    public void A_profile_sets_Orleans_options_and_ours_together(NodeProfile profile, double[] seconds)
    {
        var (nodes, membership) = Build(("Profile", profile.ToString()));

        Assert.Equal(seconds, Figures(nodes, membership));
        Assert.Equal(profile, nodes.Profile);
    }

    [Theory]
    [InlineData(NodeProfile.Fast, null)]
    [InlineData(NodeProfile.Fast, "00:00:05")]
    [InlineData(NodeProfile.Balanced, null)]
    [InlineData(NodeProfile.Balanced, "00:00:30")]
    [InlineData(NodeProfile.Cloud, null)]
    [InlineData(NodeProfile.Cloud, "00:00:20")]
    [InlineData(NodeProfile.Cloud, "00:10:00")]
    public void The_values_of_every_profile_are_valid_and_our_lease_ends_before_Orleans_gives_up(NodeProfile profile, string? lease)
    {
        var (nodes, membership) = Build([("Profile", profile.ToString()), .. lease is null ? Array.Empty<(string, string)>() : [("LeaseLength", lease)]]);

        Assert.True(new NodeDetectionOptionsValidator().Validate(null, nodes).Succeeded);
        Assert.True(new LeaseRulesValidator().Validate(null, nodes).Succeeded);
        Assert.True(nodes.LeaseLength < membership.MaxProbeTimeout * membership.NumMissedProbesLimit);
        Assert.Equal(TimeSpan.FromSeconds(90), membership.IAmAliveTablePublishTimeout * membership.NumMissedTableIAmAliveLimit);
    }

    [Fact]
    public void What_is_configured_beside_a_profile_wins_whatever_the_order()
    {
        var (nodes, _) = Build(("LeaseLength", "00:00:20"), ("Profile", "Cloud"));

        Assert.Equal(TimeSpan.FromSeconds(20), nodes.LeaseLength);
        Assert.Equal(TimeSpan.FromSeconds(2), nodes.HeartbeatInterval);
    }

    [Fact]
    public void The_fixed_policy_sets_Orleans_options_too_so_that_its_patience_outlasts_our_lease()
    {
        var (nodes, membership) = Build(("Policy", "Fixed"), ("Profile", "Fast"));

        Assert.Equal([50, 5, 5, 5, 0.5, 5, 5, 5, 18, 10], Figures(nodes, membership));
        Assert.True(nodes.LeaseLength < membership.MaxProbeTimeout * membership.NumMissedProbesLimit);
        Assert.Equal(TimeSpan.FromSeconds(90), membership.IAmAliveTablePublishTimeout * membership.NumMissedTableIAmAliveLimit);
    }

    [Theory]
    [InlineData("Adaptive", NodeProfile.Fast)]
    [InlineData("Adaptive", NodeProfile.Balanced)]
    [InlineData("Adaptive", NodeProfile.Cloud)]
    [InlineData("Fixed", NodeProfile.Balanced)]
    public void A_silent_node_is_suspected_and_called_by_the_detector_and_by_witnesses_before_its_lease_ends(string policy, NodeProfile profile)
    {
        var (nodes, _) = Build(("Profile", profile.ToString()), ("Policy", policy));
        var check = policy == "Fixed" ? nodes.FixedCheckInterval : nodes.HeartbeatInterval / 2;
        var detector = new FailureDetector(nodes);
        detector.Watch([NodeFacts.Life(1)], TimeSpan.Zero);
        var last = TimeSpan.Zero;
        foreach (var beat in Enumerable.Range(1, nodes.PhiWindow))
        {
            last = beat * nodes.HeartbeatInterval;
            detector.Hear(new NodeHeartbeat { Node = NodeFacts.Info(1), Sequence = beat }, last);
        }

        var suspected = last;
        while (detector.Check(suspected).Count == 0)
        {
            suspected += TimeSpan.FromMilliseconds(10);
        }

        var called = suspected + check + (2 * nodes.VerificationTimeout); // the check may have come just before the silence was too long
        Assert.True(called < last + nodes.LeaseLength, $"Called at {called}, and the lease ends at {last + nodes.LeaseLength}.");
    }

    [Fact]
    public void What_is_configured_beside_the_fixed_policy_wins_whatever_the_order()
    {
        var (nodes, _) = Build(("FixedThreshold", "00:00:40"), ("HeartbeatInterval", "00:00:02"), ("LeaseLength", "00:01:00"), ("Policy", "Fixed"));

        Assert.Equal(TimeSpan.FromSeconds(40), nodes.FixedThreshold);
        Assert.Equal(TimeSpan.FromSeconds(2), nodes.HeartbeatInterval);
        Assert.Equal(TimeSpan.FromSeconds(60), nodes.LeaseLength);
        Assert.Equal(TimeSpan.FromSeconds(5), nodes.PacemakerInterval);
    }

    [Fact]
    public void A_profile_that_is_chosen_in_code_is_followed_by_Orleans()
    {
        var (nodes, membership) = Build(silo => silo.Configure<NodeDetectionOptions>(options => options.Profile = NodeProfile.Fast));

        Assert.Equal(TimeSpan.FromSeconds(1.75), nodes.LeaseLength);
        Assert.Equal(TimeSpan.FromSeconds(0.5), membership.ProbeTimeout);
    }

    [Fact]
    public void A_lease_that_is_longer_than_the_profiles_makes_Orleans_wait_longer_by_as_much_and_a_shorter_one_changes_nothing()
    {
        var (_, longer) = Build(("LeaseLength", "00:00:20"), ("Profile", "Cloud"));
        var (_, shorter) = Build(("LeaseLength", "00:00:10"), ("Profile", "Cloud"));
        var (_, fixedPolicy) = Build(("LeaseLength", "00:01:05"), ("Policy", "Fixed"));
        var (_, inCode) = Build(silo => silo.Services.PostConfigure<NodeDetectionOptions>(options => options.LeaseLength = TimeSpan.FromSeconds(9)));

        Assert.Equal(
            [15.0 + 7, 15, 54 + 15, 7.5 + 3],
            new[] { longer, shorter, fixedPolicy, inCode }.Select(membership => Math.Round((membership.MaxProbeTimeout * membership.NumMissedProbesLimit).TotalSeconds, 3)));
    }

    [Theory]
    [InlineData(NodeProfile.Fast, 1.25)]
    [InlineData(NodeProfile.Balanced, 4)]
    [InlineData(NodeProfile.Cloud, 9)]
    public void One_process_may_hold_up_the_writes_of_the_others_for_so_long_that_they_keep_their_leases(NodeProfile profile, double seconds)
    {
        var services = Services(silo => silo.Configure<NodeDetectionOptions>(options => options.Profile = profile));

        Assert.Equal(TimeSpan.FromSeconds(seconds), services.GetRequiredService<HoldUpLimit>().Longest);
    }

    [Fact]
    public void What_is_said_of_Orleans_membership_afterwards_wins()
    {
        var (_, membership) = Build(silo => silo.Configure<ClusterMembershipOptions>(options => options.ProbeTimeout = TimeSpan.FromSeconds(7)));

        Assert.Equal(TimeSpan.FromSeconds(7), membership.ProbeTimeout);
    }

    private static double[] Figures(NodeDetectionOptions nodes, ClusterMembershipOptions membership) =>
    [
        .. new[]
        {
            nodes.LeaseLength, nodes.HeartbeatInterval, nodes.PacemakerInterval, nodes.AcceptablePause, nodes.MinDeviation, nodes.VerificationTimeout,
            membership.ProbeTimeout, membership.MinProbeTimeout, membership.MaxProbeTimeout, membership.TableRefreshTimeout,
        }.Select(time => time.TotalSeconds),
    ];

    private static (NodeDetectionOptions Nodes, ClusterMembershipOptions Membership) Build(params (string Name, string Value)[] settings) => Build(_ => { }, settings);

    private static (NodeDetectionOptions Nodes, ClusterMembershipOptions Membership) Build(Action<ISiloBuilder> configure, params (string Name, string Value)[] settings)
    {
        var services = Services(configure, settings);
        return (services.GetRequiredService<IOptions<NodeDetectionOptions>>().Value, services.GetRequiredService<IOptions<ClusterMembershipOptions>>().Value);
    }

    private static ServiceProvider Services(Action<ISiloBuilder> configure, params (string Name, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create($"FaultTolerance:Nodes:{setting.Name}", (string?)setting.Value)))
            .Build();
        var silo = new SiloUnderConstruction(configuration);
        silo.AddFaultTolerance();
        configure(silo);
        return silo.Services.BuildServiceProvider();
    }
}
