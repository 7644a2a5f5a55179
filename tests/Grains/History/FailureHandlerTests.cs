using FaultTolerance.Grains.History;
using FaultTolerance.Grains.Telemetry;
using FaultTolerance.Grains.Tests.Nodes;
using FaultTolerance.Storage.Events;
using FaultTolerance.Testing;

namespace FaultTolerance.Grains.Tests.History;

/// <summary>Handlers of failures: each is called for each incident, and one that fails is held against nobody.</summary>
public sealed class FailureHandlerTests : IAsyncLifetime
{
    private readonly FailureHandlerOptions _options = new();
    private StoreLab _lab = null!;

    public async ValueTask InitializeAsync() => _lab = await StoreLab.OpenAsync();

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    [Fact]
    public async Task Each_handler_is_called_once_for_each_incident_the_most_important_first()
    {
        await AddAsync("task/1", FailedEntity.Task);
        await AddAsync("storage/1", FailedEntity.Storage);
        await AddAsync("node/2", FailedEntity.Node, after: 1);
        await AddAsync("node/1", FailedEntity.Node);
        var (all, nodes) = (new FakeHandler(), new FakeHandler());
        var sweeper = Sweeper(("all", all, []), ("nodes", nodes, [FailedEntity.Node]));

        await StepAsync(sweeper);
        await StepAsync(sweeper);

        Assert.Equal(["node/2", "node/1", "storage/1", "task/1"], all.Called);
        Assert.Equal(["node/2", "node/1"], nodes.Called);
        Assert.All((await FindAsync("node/1")).FollowUps, done => Assert.Equal((1, _lab.Store.Now, false), (done.Tries, done.DoneAt!.Value, done.IsGivenUp)));
    }

    [Fact]
    public async Task One_that_throws_is_logged_and_called_again_later_and_the_others_are_called_all_the_same()
    {
        await AddAsync("node/1");
        var (broken, good) = (new FakeHandler { Failures = 2 }, new FakeHandler());
        var sweeper = Sweeper(("broken", broken, []), ("good", good, []));

        await StepAsync(sweeper);
        Assert.Equal((1, 1), (broken.Called.Count, good.Called.Count));
        _lab.Pass(4.999);
        await StepAsync(sweeper);
        Assert.Single(broken.Called);
        _lab.Pass(0.001);
        await StepAsync(sweeper);
        _lab.Pass(10);
        await StepAsync(sweeper);

        Assert.Equal((3, 1), (broken.Called.Count, good.Called.Count));
        Assert.Equal((3, true), (await FollowUpAsync("broken") is var done ? done.Tries : 0, done.DoneAt is not null));
        Assert.Equal(
            [
                "Failure handler broken failed for incident node/1, try 1; it is called again: System.InvalidOperationException: It is broken.",
                "Failure handler broken failed for incident node/1, try 2; it is called again: System.InvalidOperationException: It is broken.",
            ],
            _lab.Logs.Of(EventIds.FailureHandlerFailed));
    }

    [Fact]
    public async Task One_that_always_fails_is_given_up_with_an_alert()
    {
        (_options.MaxTries, _options.RetryDelay) = (2, TimeSpan.FromSeconds(1));
        await AddAsync("node/1");
        var broken = new FakeHandler { Failures = int.MaxValue };
        var sweeper = Sweeper(("broken", broken, []));
        for (var step = 0; step < 5; step++)
        {
            await StepAsync(sweeper);
            _lab.Pass(60);
        }

        Assert.Equal(2, broken.Called.Count);
        var done = await FollowUpAsync("broken");
        Assert.Equal((2, true, "System.InvalidOperationException: It is broken."), (done.Tries, done.IsGivenUp, done.Error));
        Assert.Single(_lab.Logs.Of(EventIds.FailureHandlerGivenUp));
    }

    [Fact]
    public async Task One_that_hangs_is_given_up_on_at_its_limit_and_not_called_again_before_it_has_ended()
    {
        await AddAsync("node/1");
        await AddAsync("node/2");
        var (hanging, good) = (new FakeHandler { Hang = new TaskCompletionSource() }, new FakeHandler());
        var sweeper = Sweeper(("hanging", hanging, []), ("good", good, []));

        await sweeper.StepAsync(null, CancellationToken.None); // it does not wait for the handler, which never ends
        await hanging.WasCalled.Task;
        await sweeper.Running[1]; // the good one is done before the time of its own calls is over, too
        _lab.Time.Advance(_options.CallTimeout);
        await Task.WhenAll(sweeper.Running);
        _lab.Pass(60);
        await StepAsync(sweeper);

        Assert.Equal((1, 2), (hanging.Called.Count, good.Called.Count));
        Assert.Equal(["Failure handler hanging failed for incident node/1, try 1; it is called again: It took longer than 30 s."], _lab.Logs.Of(EventIds.FailureHandlerFailed));
        Assert.True(hanging.Token.IsCancellationRequested);

        hanging.Hang.SetResult();
        await sweeper.Hanging;
        await StepAsync(sweeper);
        Assert.Equal(["node/1", "node/1", "node/2"], hanging.Called);
    }

    [Fact]
    public async Task One_that_hangs_for_good_keeps_no_other_from_being_called_however_many_failures_wait_for_it()
    {
        var (hanging, good) = (new FakeHandler { Hang = new TaskCompletionSource() }, new FakeHandler());
        var sweeper = Sweeper(("hanging", hanging, []), ("good", good, []));
        await AddAsync("node/first");
        await sweeper.StepAsync(null, CancellationToken.None);
        await hanging.WasCalled.Task;
        await sweeper.Running[1]; // the good one is done before the time of its own calls is over, too
        _lab.Time.Advance(_options.CallTimeout);
        await Task.WhenAll(sweeper.Running);
        for (var number = 0; number < 1_300; number++)
        {
            await AddAsync($"node/{number}");
        }

        await StepAsync(sweeper, steps: 40);

        Assert.Equal(1_301, good.Called.Distinct().Count());
        Assert.Single(hanging.Called);

        hanging.Hang.SetResult();
        await sweeper.Hanging;
        await StepAsync(sweeper, steps: 40);
        Assert.Equal((1_301, 1_302), (hanging.Called.Distinct().Count(), hanging.Called.Count));
    }

    [Fact]
    public async Task Handlers_that_have_come_equally_far_share_what_is_read()
    {
        await AddAsync("node/1");
        var sweeper = Sweeper(("first", new FakeHandler(), []), ("second", new FakeHandler(), []), ("third", new FakeHandler(), []));

        await StepAsync(sweeper);
        await StepAsync(sweeper);

        Assert.Equal(2, _lab.Engine.Calls.Count(call => call.Operation == nameof(IEventRows.ListEventsAfterAsync)));
    }

    [Fact]
    public async Task What_one_silo_has_done_another_does_not_repeat_and_what_it_has_not_it_does()
    {
        await AddAsync("node/1");
        var first = new FakeHandler();
        await StepAsync(Sweeper(("pager", first, [])));
        await AddAsync("node/2");
        var (second, added) = (new FakeHandler(), new FakeHandler());

        await StepAsync(Sweeper(("pager", second, []), ("mail", added, [])));

        Assert.Equal(["node/1"], first.Called);
        Assert.Equal(["node/2"], second.Called);
        Assert.Equal(["node/1", "node/2"], added.Called);
    }

    /// <summary>The walk: the store fails the n-th write, before or after it is done. The handler is called at least once, and in the end the incident says so.</summary>
    [Theory]
    [InlineData(InjectedFault.RequestLost)]
    [InlineData(InjectedFault.ReplyLost)]
    [InlineData(InjectedFault.Unusable)]
    public async Task A_call_that_could_not_be_recorded_is_made_again(InjectedFault fault)
    {
        await AddAsync("node/1");
        var handler = new FakeHandler();
        var sweeper = Sweeper(("pager", handler, []));
        _lab.Engine.FailWrite(1, fault);

        await StepAsync(sweeper);
        _lab.Pass(60);
        await StepAsync(sweeper);

        Assert.NotNull((await FollowUpAsync("pager")).DoneAt);
        Assert.InRange(handler.Called.Count, 1, 2);
    }

    [Fact]
    public async Task Incidents_older_than_the_window_and_those_of_kinds_that_are_not_known_are_passed_over()
    {
        await AddAsync("node/old");
        _lab.Time.Advance(_options.Window + TimeSpan.FromSeconds(1));
        await AddAsync("node/new");
        await _lab.Store.AddEventAsync(
            new EventRow
            {
                Key = "quantum/1",
                Kind = IncidentLog.EventKind,
                Token = _lab.Store.NewToken(),
                Body = StoreLab.Serializer<IncidentSnapshot>().SerializeToArray(new IncidentSnapshot { Key = "quantum/1", Entity = (FailedEntity)77 }),
            },
            CancellationToken.None);
        var handler = new FakeHandler();

        await StepAsync(Sweeper(("pager", handler, [])));

        Assert.Equal(["node/new"], handler.Called);
    }

    [Fact]
    public async Task A_thousand_incidents_within_a_minute_are_all_handled()
    {
        for (var number = 0; number < 1_500; number++)
        {
            await AddAsync($"task/{number}", FailedEntity.Task);
        }

        var handler = new FakeHandler();
        var sweeper = Sweeper(("pager", handler, []));
        await StepAsync(sweeper, steps: 40);

        Assert.Equal(1_500, handler.Called.Distinct().Count());
        Assert.Equal(1_500, handler.Called.Count);
    }

    [Fact]
    public async Task After_the_stores_clock_was_set_back_what_is_recorded_is_handled_as_soon_as_ever()
    {
        var handler = new FakeHandler();
        var sweeper = Sweeper(("pager", handler, []));
        await AddAsync("node/before");
        _lab.Pass(300);
        await StepAsync(sweeper);

        await _lab.SetStoreClockAsync(TimeSpan.FromHours(-1));
        await AddAsync("node/1");
        await StepAsync(sweeper, steps: 40); // by the end of them the first is settled
        await AddAsync("node/2");
        await StepAsync(sweeper);

        Assert.Equal(["node/before", "node/1", "node/2"], handler.Called);
    }

    [Fact]
    public async Task What_was_recorded_before_the_step_of_the_stores_clock_was_noticed_is_handled_too()
    {
        var handler = new FakeHandler();
        var sweeper = Sweeper(("pager", handler, []));
        await AddAsync("node/before");
        _lab.Pass(300);
        await StepAsync(sweeper);

        _lab.Time.Step(TimeSpan.FromHours(-1));
        await AddAsync("node/1");
        await StepAsync(sweeper);
        Assert.Equal(["node/before"], handler.Called);
        await _lab.SetStoreClockAsync(TimeSpan.Zero);
        await StepAsync(sweeper);

        Assert.Equal(["node/before", "node/1"], handler.Called);
    }

    [Fact]
    public void Two_handlers_of_one_name_are_refused_when_they_are_added()
    {
        var silo = new FakeSiloBuilder();
        silo.AddFailureHandler<FakeHandler>("pager", FailedEntity.Node).AddFailureHandler<FakeHandler>();

        var refused = Assert.Throws<ArgumentException>(() => silo.AddFailureHandler<FakeHandler>("pager"));

        Assert.StartsWith("A failure handler with the name pager is there already.", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_defaults_and_the_bounds_are_these()
    {
        Assert.Equal(
            (TimeSpan.FromSeconds(30), 5, TimeSpan.FromSeconds(5), TimeSpan.FromDays(1)), (_options.CallTimeout, _options.MaxTries, _options.RetryDelay, _options.Window));
        var wrong = new FailureHandlerOptions { CallTimeout = TimeSpan.Zero, MaxTries = 0, RetryDelay = TimeSpan.Zero, Window = TimeSpan.Zero };
        Assert.Equal(4, new FailureHandlerOptionsValidator().Validate(null, wrong).Failures!.Count());
        Assert.True(new FailureHandlerOptionsValidator().Validate(null, _options).Succeeded);
    }

    private FollowUpSweeper Sweeper(params (string Name, FakeHandler Handler, FailedEntity[] Entities)[] handlers) =>
        _lab.FollowUps(_options, [.. handlers.Select(handler => new FailureHandlerEntry(handler.Name, handler.Entities, _ => handler.Handler))]);

    private static async Task StepAsync(FollowUpSweeper sweeper)
    {
        await sweeper.StepAsync(null, CancellationToken.None);
        await Task.WhenAll(sweeper.Running);
    }

    private async Task StepAsync(FollowUpSweeper sweeper, int steps)
    {
        for (var step = 0; step < steps; step++)
        {
            await StepAsync(sweeper);
            _lab.Pass(5);
        }
    }

    private async Task AddAsync(string key, FailedEntity entity = FailedEntity.Node, double after = 0)
    {
        var incident = new IncidentSnapshot { Key = key, Entity = entity, Kind = FailureKind.Crash, At = _lab.Store.Now.AddSeconds(-after) };
        Assert.NotNull(await _lab.IncidentLog.AddAsync(incident, CancellationToken.None));
        _lab.Time.Advance(TimeSpan.FromMilliseconds(1));
    }

    private async Task<IncidentSnapshot> FindAsync(string key) => (await _lab.IncidentLog.FindAsync(key, CancellationToken.None))!;

    private async Task<IncidentFollowUp> FollowUpAsync(string handler) => FollowUpPlan.Find(await FindAsync("node/1"), handler)!;
}
