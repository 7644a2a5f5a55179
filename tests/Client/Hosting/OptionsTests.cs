using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FaultTolerance.Client.Tests.Hosting;

public sealed class OptionsTests
{
    [Fact]
    public void The_defaults_are_these()
    {
        var options = new FaultToleranceClientOptions();

        Assert.Equal((4_000_000, 10_000), (options.MaxPayload, options.MaxFanIn));
        Assert.Equal((500, 1_048_576, 8), (options.MaxBatch, options.MaxBatchBytes, options.MaxBatchesUnderWay));
        Assert.Equal((100_000, 16), (options.MaxPendingSubmits, options.GatewayKeys));
        Assert.Equal((TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(30)), (options.CallTimeout, options.SubmitTimeout));
        Assert.Equal((TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30)), (options.ListenInterval, options.ListenPeriod));
        Assert.Equal((TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(5)), (options.Silence, options.MaxSilence));
        Assert.Equal((100_000, 67_108_864, 100_000), (options.MaxKeptOutcomes, options.MaxKeptBytes, options.MaxExpectedOutcomes));
        Assert.Equal(TimeSpan.FromSeconds(1), options.FailurePollInterval);
        Assert.Equal(17, typeof(FaultToleranceClientOptions).GetProperties().Length);
        Assert.Equal(options.MaxBatch, Validated(_ => { }).MaxBatch);
    }

    [Fact]
    public void Everything_that_is_wrong_is_told_at_once()
    {
        var wrong = Assert.Throws<OptionsValidationException>(() => Validated(options =>
        {
            options.MaxPayload = 1;
            options.MaxFanIn = 0;
            options.MaxBatch = 501;
            options.MaxBatchBytes = 1;
            options.MaxBatchesUnderWay = 0;
            options.MaxPendingSubmits = 1;
            options.GatewayKeys = 0;
            options.CallTimeout = TimeSpan.FromSeconds(31);
            options.SubmitTimeout = TimeSpan.Zero;
            options.ListenInterval = TimeSpan.FromMinutes(2);
            options.ListenPeriod = TimeSpan.FromMilliseconds(1);
            options.Silence = TimeSpan.FromHours(1);
            options.MaxSilence = TimeSpan.Zero;
            options.FailurePollInterval = TimeSpan.Zero;
            options.MaxKeptOutcomes = -1;
            options.MaxKeptBytes = -1;
            options.MaxExpectedOutcomes = -1;
        }));

        Assert.Equal(
            """
            MaxPayload: The field FaultToleranceClientOptions.MaxPayload must be between 1024 and 64000000.
            MaxFanIn: The field FaultToleranceClientOptions.MaxFanIn must be between 1 and 100000.
            MaxBatch: The field FaultToleranceClientOptions.MaxBatch must be between 1 and 500.
            MaxBatchBytes: The field FaultToleranceClientOptions.MaxBatchBytes must be between 4096 and 16777216.
            MaxBatchesUnderWay: The field FaultToleranceClientOptions.MaxBatchesUnderWay must be between 1 and 64.
            MaxPendingSubmits: The field FaultToleranceClientOptions.MaxPendingSubmits must be between 100 and 10000000.
            GatewayKeys: The field FaultToleranceClientOptions.GatewayKeys must be between 1 and 1024.
            CallTimeout: The field FaultToleranceClientOptions.CallTimeout must be between 00:00:00.1000000 and 00:00:30.
            SubmitTimeout: The field FaultToleranceClientOptions.SubmitTimeout must be between 00:00:01 and 00:10:00.
            ListenInterval: The field FaultToleranceClientOptions.ListenInterval must be between 00:00:00.5000000 and 00:01:00.
            ListenPeriod: The field FaultToleranceClientOptions.ListenPeriod must be between 00:00:01 and 00:10:00.
            Silence: The field FaultToleranceClientOptions.Silence must be between 00:00:00.0500000 and 00:01:00.
            MaxSilence: The field FaultToleranceClientOptions.MaxSilence must be between 00:00:00.0500000 and 00:10:00.
            FailurePollInterval: The field FaultToleranceClientOptions.FailurePollInterval must be between 00:00:00.0500000 and 00:01:00.
            MaxKeptOutcomes: The field FaultToleranceClientOptions.MaxKeptOutcomes must be between 0 and 10000000.
            MaxKeptBytes: The field FaultToleranceClientOptions.MaxKeptBytes must be between 0 and 1073741824.
            MaxExpectedOutcomes: The field FaultToleranceClientOptions.MaxExpectedOutcomes must be between 0 and 10000000.
            SubmitTimeout must be no less than CallTimeout.
            ListenPeriod must be twice ListenInterval at least.
            MaxSilence must be no less than Silence.
            """,
            string.Join('\n', wrong.Failures.SelectMany(failure => failure.Split("; "))));
    }

    private static FaultToleranceClientOptions Validated(Action<FaultToleranceClientOptions> configure) => new ServiceCollection()
        .AddFaultToleranceClient(configure)
        .BuildServiceProvider()
        .GetRequiredService<IOptions<FaultToleranceClientOptions>>()
        .Value;
}
