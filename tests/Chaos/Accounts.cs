using FaultTolerance.Cli.Clusters;
using FaultTolerance.Storage;
using FaultTolerance.Testing.Checking;
using FaultTolerance.Testing.Journals;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace FaultTolerance.Chaos.Tests;

/// <summary>What the client was told, what the store holds, and how often each outcome was committed, compared at the end of a scenario.</summary>
internal sealed class Accounts : IAsyncDisposable
{
    private static readonly ServiceProvider Services = new ServiceCollection().AddSerializer().BuildServiceProvider();

    private readonly IDurableStore _store;
    private readonly IOutcomeAudit _audit;

    private Accounts(IDurableStore store, IOutcomeAudit audit, ClientJournal journal) => (_store, _audit, Journal) = (store, audit, journal);

    public ClientJournal Journal { get; }

    /// <summary>Opens them, before the first silo starts: a trigger that is added later has missed something.</summary>
    public static async Task<Accounts> OpenAsync(ClusterStore store, string folder)
    {
        var opened = await store.OpenAsync(CancellationToken.None);
        await store.Audit.InstallAsync();
        return new Accounts(opened, store.Audit, ClientJournal.Open(Path.Combine(folder, "acknowledged")));
    }

    /// <summary>Fails unless every acknowledged task has ended and none was ended twice.</summary>
    public async Task AssertBalancedAsync(CancellationToken cancellationToken)
    {
        var checker = new InvariantsChecker(_store, _audit, Services.GetRequiredService<Serializer>());
        var report = await checker.CheckAsync(Journal.ToList(), cancellationToken);
        Assert.True(report.Accepted > 0);
        Assert.True(report.Holds, $"Lost {report.Lost} ({string.Join(", ", report.LostExamples)}), committed twice {report.CommittedTwice}, broken histories {report.BrokenHistories} ({string.Join("; ", report.BrokenExamples)}), of {report.Accepted}.");
    }

    public async ValueTask DisposeAsync()
    {
        Journal.Dispose();
        await ((IAsyncDisposable)_store).DisposeAsync();
    }
}
