using FaultTolerance.Storage.Conformance;
using FaultTolerance.Storage.Conformance.Processes;
using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.GrainState;

namespace FaultTolerance.Storage.PostgreSql.Tests;

/// <summary>Writers in processes of their own, which die, race and freeze.</summary>
public sealed class PostgresCrashTests(SharedServer shared) : CrashConformance
{
    private readonly PostgresStoreOptions _options = shared.NewSchema();
    private readonly PostgresStoreOptions _empty = shared.NewSchema();

    protected override string EngineName => "postgres";

    protected override string Location => LocationOf(_options);

    [Fact]
    public async Task A_writer_that_is_stopped_in_the_middle_of_a_batch_does_not_stop_the_others()
    {
        var before = new GrainStateWrite("row", null, NewToken(), [1]);
        Assert.Equal([true], await Engine.CommitStatesAsync([before], CancellationToken.None));
        await using var stopped = WriterProcess.Start("stop", EngineName, Location);
        await stopped.UntilAsync("inside");
        await using var store = await DurableStoreFactory.OpenAsync(PostgresStore.CreateEngine(_options));

        Assert.True(await store.WriteStateAsync(before with { IfToken = before.Token, Token = NewToken(), State = [2] }));

        Assert.Equal([2], (await store.ReadStateAsync("row", CancellationToken.None))?.State);
    }

    protected override Task<IStorageEngine> OpenAsync() => Task.FromResult(PostgresStore.CreateEngine(_options));

    protected override string EmptyLocation() => LocationOf(_empty);

    private static string LocationOf(PostgresStoreOptions options) => $"{options.Schema} {options.ConnectionString}";
}
