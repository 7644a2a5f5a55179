using FaultTolerance.Cli.Chaos;
using FaultTolerance.Cli.Live;
using FaultTolerance.Grains.Nodes;
using FaultTolerance.Storage.Tasks;
using FaultTolerance.Testing.Chaos;
using FaultTolerance.Testing.Checking;
using FaultTolerance.Testing.Journals;
using FaultTolerance.Testing.Tests.Chaos;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace FaultTolerance.Cli.Tests.Chaos;

/// <summary>A chaos run with one short pause, on a cluster that only says that it is one.</summary>
internal sealed class FakeRun : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ft-chaos-fake-");

    public FakeRun() => Journal = ClientJournal.Open(Path.Join(_folder.FullName, "acknowledged"));

    public FakeSite Site { get; } = new();

    public ClientJournal Journal { get; }

    /// <summary>Gets or sets what happens while the run checks what became of its tasks.</summary>
    public Action WhileChecked { get; set; } = static () => { };

    /// <summary>Has a task be acknowledged, with a row in this phase; without a row, when it is null.</summary>
    public void Acknowledge(TaskId id, TaskPhase? phase)
    {
        if (phase is { } ended)
        {
            var row = new TaskRow { Id = id, Phase = ended, Handler = "load.sum@1", Spec = [0], Token = 1, Finished = DateTimeOffset.UnixEpoch };
            FakeStore.Done(Site.Lives.CommitTasksAsync([new TaskInsert(row)], CancellationToken.None));
        }

        Journal.Append([id]);
    }

    public async Task<ChaosResult> RunAsync(IFaultToleranceClient client)
    {
        await using var services = new ServiceCollection().AddSerializer().BuildServiceProvider();
        var ground = new ChaosGround(Site, client, Journal, new EmptyAudit(this), services.GetRequiredService<Serializer>());
        var pause = new ChaosFault(1, ChaosKind.PauseShort, [0], TimeSpan.FromSeconds(1), null);
        return await new ChaosRun(ground, new LiveBoard("chaos", Site.Time), Site.Time).RunAsync([pause], seed: 1, NodeProfile.Balanced, CancellationToken.None);
    }

    public void Dispose()
    {
        Journal.Dispose();
        _folder.Delete(recursive: true);
    }

    /// <summary>Counts nothing, and has something happen meanwhile.</summary>
    private sealed class EmptyAudit(FakeRun run) : IOutcomeAudit
    {
        public string Removal => "";

        public Task InstallAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

        public Task<long> CountDoubledAsync(CancellationToken cancellationToken = default)
        {
            run.WhileChecked();
            return Task.FromResult(0L);
        }

        public Task RemoveAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;
    }
}
