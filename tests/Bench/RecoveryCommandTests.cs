using System.CommandLine;
using FaultTolerance.Bench.Clusters;
using FaultTolerance.Bench.Recoveries;
using FaultTolerance.Grains.Nodes;

namespace FaultTolerance.Bench.Tests;

public sealed class RecoveryCommandTests
{
    [Fact]
    public void Without_arguments_each_profile_is_killed_fifty_times_and_frozen_ten_times_on_SQLite()
    {
        var options = Read();

        Assert.Equal([NodeProfile.Fast, NodeProfile.Balanced, NodeProfile.Cloud], options.Profiles);
        Assert.Equal([StoreKind.Sqlite], options.Stores);
        Assert.Equal((50, 10, 20, false), (options.Kills, options.Freezes, options.Attempts, options.Json));
    }

    [Fact]
    public void Profiles_and_stores_are_chosen_by_name()
    {
        var options = Read("--profile", "cloud", "--profile", "Fast", "--store", "postgres", "sqlite", "--kills", "5", "--freezes", "0", "--attempts", "3", "--json");

        Assert.Equal([NodeProfile.Cloud, NodeProfile.Fast], options.Profiles);
        Assert.Equal([StoreKind.Postgres, StoreKind.Sqlite], options.Stores);
        Assert.Equal((5, 0, 3, true), (options.Kills, options.Freezes, options.Attempts, options.Json));
    }

    [Theory]
    [InlineData("--kills", "1001", "--kills is 1001; it must be between 0 and 1000.")]
    [InlineData("--freezes", "-1", "--freezes is -1; it must be between 0 and 1000.")]
    [InlineData("--attempts", "0", "--attempts is 0; it must be between 1 and 1000.")]
    [InlineData("--profile", "Slow", "Cannot parse argument 'Slow' for option '--profile'")]
    public void What_there_is_not_is_refused(string option, string value, string error) =>
        Assert.StartsWith(error, Assert.Single(Command(_ => { }).Parse([option, value]).Errors).Message, StringComparison.Ordinal);

    private static RecoveryBenchOptions Read(params string[] arguments)
    {
        RecoveryBenchOptions? read = null;
        Assert.Equal(0, Command(options => read = options).Parse(arguments).Invoke());
        return read!;
    }

    private static Command Command(Action<RecoveryBenchOptions> run) => RecoveryCommand.Create((options, _) =>
    {
        run(options);
        return Task.FromResult(0);
    });
}
