using FaultTolerance.Storage.InMemory;
using Microsoft.Extensions.Options;

namespace FaultTolerance.Storage.Tests;

public sealed class StoreOptionsTests
{
    [Fact]
    public void The_defaults_are()
    {
        var options = new StoreOptions();

        Assert.Equal(500, options.MaxBatch);
        Assert.Equal(50_000, options.MaxPendingWrites);
        Assert.Equal(65_536, options.MaxInlinePayload);
        Assert.Equal(4_194_304, options.MaxPayload);
        Assert.Equal(TimeSpan.FromSeconds(30), options.WriteTimeout);
    }

    [Fact]
    public async Task Everything_that_is_wrong_is_said_at_once()
    {
        var wrong = new StoreOptions { MaxBatch = 0, MaxPendingWrites = 1, MaxInlinePayload = -1, MaxPayload = 1, WriteTimeout = TimeSpan.Zero };

        var refused = await Assert.ThrowsAsync<OptionsValidationException>(
            () => DurableStoreFactory.OpenAsync(InMemoryStore.CreateEngine(TimeProvider.System), wrong));

        Assert.Equal(
            """
            MaxBatch: The field StoreOptions.MaxBatch must be between 1 and 1000.
            MaxPendingWrites: The field StoreOptions.MaxPendingWrites must be between 1000 and 10000000.
            MaxInlinePayload: The field StoreOptions.MaxInlinePayload must be between 0 and 1048576.
            MaxPayload: The field StoreOptions.MaxPayload must be between 65536 and 67108864.
            WriteTimeout: The field StoreOptions.WriteTimeout must be between 00:00:01 and 00:10:00.
            """.ReplaceLineEndings("; "),
            refused.Message);
    }
}
