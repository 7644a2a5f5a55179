using Microsoft.Extensions.Options;

namespace FaultTolerance.Storage.PostgreSql.Tests;

public sealed class OptionsTests
{
    [Fact]
    public void The_defaults_are_as_documented()
    {
        var options = new PostgresStoreOptions();

        Assert.Equal("", options.ConnectionString);
        Assert.Equal("faulttolerance", options.Schema);
        Assert.Equal((2, 10, 3), (options.WriteLanes, options.MaxPoolSize, options.Silos));
        Assert.Equal(TimeSpan.FromSeconds(3), options.ConnectTimeout);
        Assert.Equal(TimeSpan.FromSeconds(10), options.CommandTimeout);
        Assert.Equal(TimeSpan.FromSeconds(2), options.LockTimeout);
        Assert.False(options.AllowUnsafeDurability);
    }

    [Fact]
    public void All_that_is_wrong_is_told_at_once()
    {
        var invalid = Assert.Throws<OptionsValidationException>(() => PostgresStore.CreateEngine(new PostgresStoreOptions
        {
            ConnectionString = "",
            Schema = "Bad Name",
            WriteLanes = 0,
            MaxPoolSize = 6,
            Silos = 0,
            ConnectTimeout = TimeSpan.Zero,
            CommandTimeout = TimeSpan.Zero,
            LockTimeout = TimeSpan.Zero,
        }));

        Assert.Equal(
            [
                "ConnectionString: The PostgresStoreOptions.ConnectionString field is required.",
                "Schema: The field PostgresStoreOptions.Schema must match the regular expression '^[a-z][a-z0-9_]{0,39}$'.",
                "WriteLanes: The field PostgresStoreOptions.WriteLanes must be between 1 and 32.",
                "MaxPoolSize: The field PostgresStoreOptions.MaxPoolSize must be between 7 and 1000.",
                "Silos: The field PostgresStoreOptions.Silos must be between 1 and 1000.",
                "ConnectTimeout: The field PostgresStoreOptions.ConnectTimeout must be between 00:00:01 and 00:01:00.",
                "CommandTimeout: The field PostgresStoreOptions.CommandTimeout must be between 00:00:02 and 00:05:00.",
                "LockTimeout: The field PostgresStoreOptions.LockTimeout must be between 00:00:00.1000000 and 00:01:00.",
            ],
            invalid.Failures.SelectMany(failure => failure.Split("; ")));
    }

    [Fact]
    public void A_pool_without_room_for_reads_is_refused_with_the_numbers()
    {
        var invalid = Assert.Throws<OptionsValidationException>(() => PostgresStore.CreateEngine(
            new PostgresStoreOptions { ConnectionString = "Host=localhost", WriteLanes = 5 }));

        Assert.Contains("MaxPoolSize is 10, but 5 write lanes, 5 reserved connections and one for reads need 11.", invalid.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Database=tasks;Password=half;of-it", "is not in Npgsql's form")]
    [InlineData("Host=localhost;Port=hunter2", "is not in Npgsql's form")]
    [InlineData("Database=tasks;Password=hunter2", "names no Host")]
    public void A_connection_string_that_cannot_be_used_is_told_without_repeating_it(string connectionString, string fault)
    {
        var invalid = Assert.Throws<OptionsValidationException>(() => PostgresStore.CreateEngine(
            new PostgresStoreOptions { ConnectionString = connectionString }));

        Assert.Contains($"ConnectionString {fault}", invalid.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", invalid.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("of-it", invalid.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_silo_opens_ten_connections_at_the_most_by_default()
    {
        var options = new PostgresStoreOptions { ConnectionString = "Host=localhost" };

        var pools = new[]
        {
            ConnectionSettings.Rows(options), ConnectionSettings.Leases(options),
            ConnectionSettings.Orleans(options, PostgresStoreOptions.ReservedConnections - PostgresStoreOptions.LeaseConnections),
        };

        Assert.Equal([5, 3, 2], pools.Select(pool => pool.MaxPoolSize));
        Assert.Equal(options.MaxPoolSize, pools.Sum(pool => pool.MaxPoolSize));
    }
}
