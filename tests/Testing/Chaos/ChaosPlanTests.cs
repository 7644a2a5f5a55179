using FaultTolerance.Testing.Chaos;
using FaultTolerance.Testing.Networks;

namespace FaultTolerance.Testing.Tests.Chaos;

public sealed class ChaosPlanTests
{
    private static readonly ChaosPlanOptions Options = new()
    {
        Seed = 42,
        Faults = 200,
        Silos = 3,
        Kinds = Enum.GetValues<ChaosKind>(),
        Tolerance = TimeSpan.FromSeconds(4),
        Lease = TimeSpan.FromSeconds(6),
    };

    [Fact]
    public void The_same_seed_makes_the_same_plan_and_another_one_another()
    {
        Assert.Equivalent(ChaosPlan.Create(Options), ChaosPlan.Create(Options), strict: true);
        Assert.NotEqual(KindsOf(Options), KindsOf(Options with { Seed = 43 }));
    }

    [Fact]
    public void The_order_in_which_kinds_are_named_changes_nothing() =>
        Assert.Equivalent(ChaosPlan.Create(Options), ChaosPlan.Create(Options with { Kinds = [.. Options.Kinds.Reverse()] }), strict: true);

    [Fact]
    public void Every_kind_occurs_before_any_is_over_again()
    {
        var bag = Options.Kinds.Count + 1; // a plain kill twice

        Assert.Equal(Options.Kinds.Order(), KindsOf(Options with { Faults = bag }).Distinct().Order());
        Assert.Equal(2, KindsOf(Options with { Faults = bag }).Count(kind => kind == ChaosKind.Kill));
    }

    [Fact]
    public void Faults_are_counted_from_1_and_are_as_many_as_asked_for() =>
        Assert.Equal(Enumerable.Range(1, 200), ChaosPlan.Create(Options).Select(fault => fault.Number));

    [Fact]
    public void What_must_be_survived_is_shorter_than_what_the_profile_survives()
    {
        var survived = ChaosPlan.Create(Options).Where(fault => fault.Kind is ChaosKind.PauseShort or ChaosKind.NetworkBlackout).ToList();

        Assert.NotEmpty(survived);
        Assert.All(survived, fault => Assert.InRange(fault.Length, TimeSpan.FromSeconds(0.4), TimeSpan.FromSeconds(3)));
        Assert.All(survived, fault => Assert.Equal(ChaosFate.MustLive, fault.Fate));
    }

    [Fact]
    public void A_pause_around_the_lease_is_shorter_or_longer_and_may_be_a_death()
    {
        var paused = ChaosPlan.Create(Options).Where(fault => fault.Kind == ChaosKind.PauseAround).ToList();

        Assert.Contains(paused, fault => fault.Length < Options.Lease);
        Assert.Contains(paused, fault => fault.Length > Options.Lease);
        Assert.All(paused, fault => Assert.InRange(fault.Length, TimeSpan.FromSeconds(3.6), TimeSpan.FromSeconds(9.6)));
        Assert.All(paused, fault => Assert.Equal(ChaosFate.MayDie, fault.Fate));
    }

    [Fact]
    public void The_store_is_away_for_longer_than_a_lease_and_nobody_may_die_of_it()
    {
        var away = ChaosPlan.Create(Options).Where(fault => fault.Kind is ChaosKind.StoreStop or ChaosKind.StoreFreeze).ToList();

        Assert.NotEmpty(away);
        Assert.All(away, fault => Assert.InRange(fault.Length, TimeSpan.FromSeconds(6.6), TimeSpan.FromSeconds(12)));
        Assert.All(away, fault => Assert.Equal((ChaosFate.MustLive, 0), (fault.Fate, fault.Victims.Count)));
    }

    [Fact]
    public void Victims_are_silos_that_there_are_as_many_as_the_kind_takes()
    {
        foreach (var fault in ChaosPlan.Create(Options))
        {
            Assert.All(fault.Victims, victim => Assert.InRange(victim, 0, 2));
            Assert.Equal(fault.Victims.Count, fault.Victims.Distinct().Count());
            Assert.Equal(Expected(fault.Kind), fault.Victims.Count);
        }

        static int Expected(ChaosKind kind) => kind switch
        {
            ChaosKind.KillAll or ChaosKind.NetworkLoss or ChaosKind.NetworkBlackout => 3,
            ChaosKind.KillMost => 2,
            ChaosKind.KillDetector or ChaosKind.StoreStop or ChaosKind.StoreFreeze or ChaosKind.StoreRestart => 0,
            _ => 1,
        };
    }

    [Fact]
    public void Only_faults_of_the_network_say_what_it_does()
    {
        var plan = ChaosPlan.Create(Options);

        Assert.All(plan, fault => Assert.Equal(fault.Kind >= ChaosKind.NetworkCut, fault.Network is not null));
        Assert.Equal(
            [NetworkDirection.In, NetworkDirection.Out],
            plan.Where(fault => fault.Kind == ChaosKind.NetworkOneWay).Select(fault => fault.Network!.Direction).Distinct().Order());
    }

    [Fact]
    public void A_plan_without_a_kind_is_refused() => Assert.Throws<ArgumentException>(() => ChaosPlan.Create(Options with { Kinds = [] }));

    [Theory]
    [InlineData("KillMost", 2, "three silos")]
    [InlineData("PauseLong", 1, "second silo")]
    [InlineData("NetworkCut", 3, "no network")]
    [InlineData("NetworkStore", 3, "no network")]
    [InlineData("StoreStop", 3, "no server")]
    [InlineData("Drain", 3, "no return")]
    public void What_a_cluster_does_not_offer_is_said(string kind, int silos, string expected)
    {
        var conditions = new ChaosConditions { Silos = silos, NoNetwork = "no network", NoServer = "no server", NoReturn = "no return" };

        Assert.Contains(expected, conditions.WhyNot(Enum.Parse<ChaosKind>(kind)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("NetworkStore", 1, null, "second silo")]
    [InlineData("NetworkBlackout", 1, null, "second silo")]
    [InlineData("NetworkCut", 1, null, "second silo")]
    [InlineData("NetworkCut", 2, "a file", "three silos")]
    [InlineData("NetworkPeers", 2, null, "three silos")]
    [InlineData("NetworkOneWay", 2, null, "three silos")]
    public void A_cut_whose_end_nobody_can_foretell_is_not_made(string kind, int silos, string? noStoreNetwork, string expected)
    {
        var conditions = new ChaosConditions { Silos = silos, NoStoreNetwork = noStoreNetwork };

        Assert.Contains(expected, conditions.WhyNot(Enum.Parse<ChaosKind>(kind)), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_silos_can_be_cut_from_a_store_that_is_reached_by_the_network() => Assert.Null(new ChaosConditions { Silos = 2 }.WhyNot(ChaosKind.NetworkCut));

    [Fact]
    public void Three_silos_on_a_network_with_a_server_offer_everything() =>
        Assert.All(Options.Kinds, kind => Assert.Null(new ChaosConditions { Silos = 3 }.WhyNot(kind)));

    private static IEnumerable<ChaosKind> KindsOf(ChaosPlanOptions options) => ChaosPlan.Create(options).Select(fault => fault.Kind);
}
