using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Hosting;

namespace FaultTolerance.Storage.Sqlite.Tests;

public sealed class SqliteStoreOptionsTests
{
    [Fact]
    public void The_defaults_are_as_documented()
    {
        var options = new SqliteStoreOptions();

        Assert.Equal("", options.Folder);
        Assert.Equal(256, options.CacheMegabytes);
        Assert.Equal(32, options.CheckpointMegabytes);
        Assert.Equal(4, options.ReadThreads);
        Assert.Equal(TimeSpan.FromSeconds(2), options.HolderTimeout);
    }

    [Fact]
    public async Task A_silo_with_invalid_settings_does_not_start_and_says_all_that_is_wrong()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleans(silo => silo.UseFaultToleranceSqlite(options =>
        {
            (options.CacheMegabytes, options.CheckpointMegabytes, options.ReadThreads) = (0, 5_000, 65);
            options.HolderTimeout = TimeSpan.FromMilliseconds(100);
        }));
        using var host = builder.Build();

        var invalid = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.Equal(
            [
                "CacheMegabytes: The field SqliteStoreOptions.CacheMegabytes must be between 1 and 65536.",
                "CheckpointMegabytes: The field SqliteStoreOptions.CheckpointMegabytes must be between 1 and 4096.",
                "Folder: The SqliteStoreOptions.Folder field is required.",
                "HolderTimeout: The field SqliteStoreOptions.HolderTimeout must be between 00:00:00.5000000 and 00:01:00.",
                "ReadThreads: The field SqliteStoreOptions.ReadThreads must be between 1 and 64.",
            ],
            invalid.Failures.Order());
    }

    [Fact]
    public void A_client_is_told_of_invalid_settings_too()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.UseOrleansClient(client => client.UseFaultToleranceSqlite(_ => { }));
        using var host = builder.Build();

        var invalid = Assert.Throws<OptionsValidationException>(() => host.Services.GetRequiredService<IOptions<SqliteStoreOptions>>().Value);

        Assert.Contains("Folder", invalid.Message);
    }
}
