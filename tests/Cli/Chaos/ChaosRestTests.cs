using FaultTolerance.Cli.Chaos;
using FaultTolerance.Cli.Live;
using FaultTolerance.Grains.Nodes;
using FaultTolerance.Testing.Chaos;
using FaultTolerance.Testing.Checking;
using FaultTolerance.Testing.Journals;
using FaultTolerance.Testing.Tests.Chaos;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace FaultTolerance.Cli.Tests.Chaos;

/// <summary>That a chaos run judges deaths to its very end, on a cluster that only says that it is one.</summary>
public sealed class ChaosRestTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ft-chaos-rest-");
    private readonly FakeSite _site = new();

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_node_that_is_declared_dead_while_the_run_checks_what_became_of_its_tasks_is_a_false_death()
    {
        var result = await RunAsync(whileChecked: () => _site.Lives.End("silo-1"));

        Assert.Equal(["silo-1"], result.LateDeaths);
        Assert.Equal((1, ExitCodes.Wrong), (result.FalseDeaths, result.ExitCode));
    }

    [Fact]
    public async Task A_run_in_which_nobody_dies_has_no_false_death() => Assert.Equal(0, (await RunAsync(static () => { })).FalseDeaths);

    private async Task<ChaosResult> RunAsync(Action whileChecked)
    {
        using var journal = ClientJournal.Open(Path.Join(_folder.FullName, "acknowledged"));
        await using var services = new ServiceCollection().AddSerializer().BuildServiceProvider();
        var ground = new ChaosGround(_site, new IdleClient(), journal, new EmptyAudit(whileChecked), services.GetRequiredService<Serializer>());
        var pause = new ChaosFault(1, ChaosKind.PauseShort, [0], TimeSpan.FromSeconds(1), null);
        return await new ChaosRun(ground, new LiveBoard("chaos", _site.Time), _site.Time).RunAsync([pause], seed: 1, NodeProfile.Balanced, CancellationToken.None);
    }

    /// <summary>Counts nothing, and has something happen meanwhile.</summary>
    private sealed class EmptyAudit(Action whileCounting) : IOutcomeAudit
    {
        public Task InstallAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

        public Task<long> CountDoubledAsync(CancellationToken cancellationToken = default)
        {
            whileCounting();
            return Task.FromResult(0L);
        }
    }
}
