using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Recovery;

namespace FaultTolerance.Grains.Tests.Nodes;

public sealed class NodeDetectionOptionsTests
{
    [Fact]
    public void The_defaults_are_the_profile_balanced()
    {
        var options = new NodeDetectionOptions();

        Assert.Equal(NodeProfile.Balanced, options.Profile);
        Assert.Equal(TimeSpan.FromSeconds(6), options.LeaseLength);
        Assert.Equal(TimeSpan.FromSeconds(1), options.HeartbeatInterval);
        Assert.Equal(TimeSpan.FromSeconds(1), options.PacemakerInterval);
        Assert.Equal(DetectionPolicy.Adaptive, options.Policy);
        Assert.Equal(8.0, options.PhiThreshold);
        Assert.Equal(100, options.PhiWindow);
        Assert.Equal(TimeSpan.FromMilliseconds(100), options.MinDeviation);
        Assert.Equal(TimeSpan.FromSeconds(1), options.AcceptablePause);
        Assert.Equal(TimeSpan.FromSeconds(30), options.FixedThreshold);
        Assert.Equal(TimeSpan.FromSeconds(5), options.FixedCheckInterval);
        Assert.Equal(TimeSpan.FromSeconds(1), options.VerificationTimeout);
        Assert.Equal(TimeSpan.FromSeconds(20), options.DrainTimeout);
        Assert.Equal(TimeSpan.FromSeconds(5), options.HandOverTimeout);
        Assert.Empty(Errors(options));
    }

    [Fact]
    public void The_defaults_of_recovery_are_pinned()
    {
        var options = new RecoveryOptions();

        Assert.Equal(4, options.Shards);
        Assert.Equal(500, options.BatchSize);
        Assert.Equal(2_000, options.AttemptsPerSecond);
        Assert.Equal((TimeSpan.FromSeconds(300), RecoveryFollowUp.KeepTrying), (options.RecoveryTimeout, options.FollowUp));
        Assert.Equal(TimeSpan.FromSeconds(5), options.OrphanSweepInterval);
        Assert.Equal(TimeSpan.FromSeconds(30), options.SweepInterval);
        Assert.Equal(TimeSpan.FromSeconds(30), options.PurgeInterval);
        Assert.Equal(TimeSpan.FromHours(24), options.SucceededRetention);
        Assert.Equal(TimeSpan.FromDays(7), options.FailedRetention);
        Assert.Equal(TimeSpan.FromDays(7), options.HistoryRetention);
        Assert.True(new RecoveryOptionsValidator().Validate(null, options).Succeeded);
        Assert.True(new RecoveryRulesValidator().Validate(null, options).Succeeded);
    }

    [Fact]
    public void An_incident_must_be_kept_for_twice_the_time_of_a_recovery()
    {
        var options = new RecoveryOptions { HistoryRetention = TimeSpan.FromMinutes(9), RecoveryTimeout = TimeSpan.FromMinutes(5) };

        Assert.Equal(
            [
                "HistoryRetention is 00:09:00; it must be at least 2 times RecoveryTimeout (00:05:00), or the incident of a recovery that is overdue could be gone before anybody is told of it. " +
                "Set FaultTolerance:Recovery:HistoryRetention to 2 times that or more, or RecoveryTimeout to less.",
            ],
            new RecoveryRulesValidator().Validate(null, options).Failures!);
    }

    [Fact]
    public void Everything_that_is_wrong_is_said_at_once()
    {
        var options = new NodeDetectionOptions
        {
            LeaseLength = TimeSpan.FromSeconds(2),
            PacemakerInterval = TimeSpan.FromSeconds(3),
            PhiThreshold = 0.5,
            PhiWindow = 1,
            Policy = (DetectionPolicy)9,
        };

        Assert.Equal(
            [
                "Policy: The field NodeDetectionOptions.Policy is invalid.",
                "PhiThreshold: The field NodeDetectionOptions.PhiThreshold must be between 1 and 16.",
                "PhiWindow: The field NodeDetectionOptions.PhiWindow must be between 5 and 10000.",
                "LeaseLength is 00:00:02; it must be at least 3 times HeartbeatInterval (00:00:01), or one lost renewal would stop a healthy node.",
                "PacemakerInterval is 00:00:03; it must not be longer than LeaseLength (00:00:02).",
            ],
            Errors(options));
    }

    [Fact]
    public void The_fixed_policy_hears_each_5_s_suspects_after_30_s_and_keeps_the_lease_longer()
    {
        var options = new NodeDetectionOptions { Policy = DetectionPolicy.Fixed };

        Assert.Equal(TimeSpan.FromSeconds(5), options.HeartbeatInterval);
        Assert.Equal(TimeSpan.FromSeconds(5), options.PacemakerInterval);
        Assert.Equal(TimeSpan.FromSeconds(5), options.FixedCheckInterval);
        Assert.Equal(TimeSpan.FromSeconds(30), options.FixedThreshold);
        Assert.Equal(TimeSpan.FromSeconds(5), options.VerificationTimeout);
        Assert.Equal(TimeSpan.FromSeconds(50), options.LeaseLength);
        Assert.Empty(Errors(options));
    }

    [Fact]
    public void The_fixed_policy_holds_whatever_the_profile_and_the_profile_again_without_it()
    {
        var options = new NodeDetectionOptions { Policy = DetectionPolicy.Fixed, Profile = NodeProfile.Fast };
        Assert.Equal(TimeSpan.FromSeconds(50), options.LeaseLength);

        options.Policy = DetectionPolicy.Adaptive;
        Assert.Equal(TimeSpan.FromSeconds(1.75), options.LeaseLength);
    }

    [Fact]
    public void Under_the_fixed_policy_a_lease_must_outlast_the_threshold()
    {
        var options = new NodeDetectionOptions { Policy = DetectionPolicy.Fixed, LeaseLength = TimeSpan.FromSeconds(34) };

        Assert.Equal(
            ["LeaseLength is 00:00:34; under the fixed policy it must be at least FixedThreshold (00:00:30) and one HeartbeatInterval (00:00:05), or a silent node would be dead before it is suspected."],
            Errors(options));
    }

    [Fact]
    public void A_debugger_lengthens_the_lease_to_five_minutes()
    {
        var (relaxed, longer, ordinary) = (new NodeDetectionOptions(), new NodeDetectionOptions { LeaseLength = TimeSpan.FromMinutes(9) }, new NodeDetectionOptions());
        new DebuggerRelaxation(() => true).PostConfigure(null, relaxed);
        new DebuggerRelaxation(() => true).PostConfigure(null, longer);
        new DebuggerRelaxation(() => false).PostConfigure(null, ordinary);

        Assert.Equal(TimeSpan.FromMinutes(5), relaxed.LeaseLength);
        Assert.Equal(TimeSpan.FromMinutes(9), longer.LeaseLength);
        Assert.Equal(TimeSpan.FromSeconds(6), ordinary.LeaseLength);
        Assert.Empty(Errors(relaxed));
    }

    private static IEnumerable<string> Errors(NodeDetectionOptions options) =>
    [
        .. new NodeDetectionOptionsValidator().Validate(null, options).Failures ?? [],
        .. new LeaseRulesValidator().Validate(null, options).Failures ?? [],
    ];
}
