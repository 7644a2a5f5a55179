using FaultTolerance.Grains.Gateways;
using Microsoft.Extensions.Options;

namespace FaultTolerance.Grains.Tests.Gateways;

public sealed class TaskLimitsTests
{
    [Fact]
    public void The_defaults_are_the_documented_ones_and_valid()
    {
        var limits = new TaskLimits();

        Assert.Equal((10_000, 4_000_000, 64_000_000, 16_384), (limits.MaxFanIn, limits.MaxArguments, limits.MaxResults, limits.MaxProgress));
        Assert.True(Validate(limits).Succeeded);
    }

    [Fact]
    public void Everything_that_is_out_of_its_bounds_is_said_at_once() => Assert.Equal(
        [
            "MaxFanIn: The field TaskLimits.MaxFanIn must be between 1 and 100000.",
            "MaxArguments: The field TaskLimits.MaxArguments must be between 1024 and 64000000.",
            "MaxResults: The field TaskLimits.MaxResults must be between 1024 and 2000000000.",
            "MaxProgress: The field TaskLimits.MaxProgress must be between 1024 and 262144.",
        ],
        Validate(new TaskLimits { MaxFanIn = 0, MaxArguments = 1_023, MaxResults = 1_023, MaxProgress = 1_023 }).Failures);

    [Theory]
    [InlineData(1_024, true)]
    [InlineData(262_144, true)]
    [InlineData(262_145, false)]
    public void Progress_has_bounds_of_its_own(int limit, bool isValid) =>
        Assert.Equal(isValid, Validate(new TaskLimits { MaxProgress = limit }).Succeeded);

    private static ValidateOptionsResult Validate(TaskLimits limits) => new TaskLimitsValidator().Validate(null, limits);
}
