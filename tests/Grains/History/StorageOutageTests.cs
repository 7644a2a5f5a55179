using FaultTolerance.Grains.History;
using FaultTolerance.Grains.Tests.Nodes;
using FaultTolerance.Storage.Events;
using FaultTolerance.Testing;

namespace FaultTolerance.Grains.Tests.History;

/// <summary>Outages of the store: one incident each, recorded when it is over. The lease has some seconds.</summary>
public sealed class StorageOutageTests : IAsyncLifetime
{
    private StoreLab _lab = null!;
    private StorageOutageSweeper _sweeper = null!;

    public async ValueTask InitializeAsync()
    {
        _lab = await StoreLab.OpenAsync();
        _sweeper = _lab.Outages();
        _lab.Guard.Renewed(_lab.Clock.Now);
    }

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    [Fact]
    public async Task An_outage_longer_than_a_lease_is_recorded_once_with_its_begin_and_its_end_when_it_is_over()
    {
        await AwayAsync(60);
        Assert.Empty(await ListAsync());

        await BackAsync();
        await BackAsync();

        var incident = Assert.Single(await ListAsync());
        Assert.Equal((FailedEntity.Storage, FailureKind.StoreUnreachable), (incident.Entity, incident.Kind));
        Assert.InRange(incident.BeganAt!.Value, NodeFacts.Now, NodeFacts.Now.AddSeconds(1)); // looked at each second, told to within half a lease
        Assert.Equal((_lab.Store.Now, incident.RecoveredAt - incident.BeganAt), (incident.RecoveredAt!.Value, incident.Elapsed));
        Assert.Equal([$"{incident.Key} incident StoreUnreachable"], _lab.Events.Heard);
    }

    [Fact]
    public async Task One_that_is_shorter_than_a_lease_is_no_incident()
    {
        await AwayAsync(4);

        await BackAsync();

        Assert.Empty(await ListAsync());
    }

    [Fact]
    public async Task A_record_that_fails_is_made_again_and_is_one()
    {
        await AwayAsync(60);
        _lab.Engine.Plan = call => call.Operation == nameof(IEventRows.AddEventAsync) ? InjectedFault.Unusable : InjectedFault.None;
        await Assert.ThrowsAnyAsync<FaultToleranceException>(BackAsync);
        _lab.Engine.Plan = FaultPlans.Nothing;
        _lab.Pass(1);

        await BackAsync();

        Assert.Equal(TimeSpan.FromSeconds(1), _lab.Store.Now - Assert.Single(await ListAsync()).RecoveredAt);
    }

    [Fact]
    public async Task Two_outages_are_two_incidents()
    {
        await AwayAsync(60);
        await BackAsync();
        await AwayAsync(60);
        await BackAsync();

        Assert.Equal(2, (await ListAsync()).Count);
    }

    [Fact]
    public async Task A_process_that_stood_still_for_longer_than_a_lease_has_found_no_outage()
    {
        _lab.Pass(60);
        _lab.Storage.Look();

        await BackAsync();

        Assert.Empty(await ListAsync());
    }

    [Fact]
    public async Task An_outage_that_another_silo_has_recorded_is_not_recorded_again()
    {
        await _lab.IncidentLog.AddAsync(
            new IncidentSnapshot { Key = "storage/other", Entity = FailedEntity.Storage, BeganAt = NodeFacts.Now.AddSeconds(2), RecoveredAt = NodeFacts.Now.AddSeconds(58) },
            CancellationToken.None);
        await AwayAsync(60);

        await BackAsync();

        Assert.Equal("storage/other", Assert.Single(await ListAsync()).Key);
    }

    private async Task AwayAsync(int seconds)
    {
        for (var second = 0; second < seconds; second++)
        {
            _lab.Pass(1);
            _lab.Storage.Look();
            await _sweeper.StepAsync(null, CancellationToken.None);
        }
    }

    private Task BackAsync()
    {
        _lab.Guard.Renewed(_lab.Clock.Now);
        _lab.Storage.Look();
        return _sweeper.StepAsync(null, CancellationToken.None);
    }

    private Task<IReadOnlyList<IncidentSnapshot>> ListAsync() => _lab.IncidentLog.ListAsync(10, CancellationToken.None);
}
