using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.Events;

namespace FaultTolerance.Storage.Conformance;

/// <summary>Events that are recorded once.</summary>
public abstract class EventRowsConformance : EngineConformance
{
    [Fact]
    public async Task A_recorded_event_is_read_back_with_the_stores_time()
    {
        var before = await Engine.ReadTimeAsync(CancellationToken.None);
        var row = Event("node/1");

        Assert.True(await AddAsync(row));

        var stored = await ReadEventAsync("node/1");
        Assert.NotNull(stored);
        Assert.InRange(stored.At, before, await Engine.ReadTimeAsync(CancellationToken.None));
        Assert.Equal((row.Key, row.Kind, row.Token), (stored.Key, stored.Kind, stored.Token));
        Assert.Equal(row.Body, stored.Body);
    }

    [Fact]
    public async Task A_second_event_under_the_same_key_is_not_recorded()
    {
        var first = Event("node/1");
        await AddAsync(first);

        Assert.False(await AddAsync(Event("node/1") with { Body = [2] }));

        Assert.Equal(first.Token, (await ReadEventAsync("node/1"))?.Token);
    }

    [Fact]
    public async Task The_same_writer_asking_again_is_told_that_it_recorded_the_event()
    {
        var row = Event("node/1");
        await AddAsync(row);

        Assert.True(await AddAsync(row));

        Assert.Single(await ListAsync());
    }

    [Fact]
    public async Task Of_writers_that_race_for_one_event_exactly_one_recorded_it()
    {
        for (var round = 0; round < 10; round++)
        {
            var key = $"node/{round}";
            EventRow[] racing = [.. Enumerable.Range(0, 6).Select(_ => Event(key))];

            var won = await TogetherAsync(racing.Length, writer => AddAsync(racing[writer]));

            var winner = Assert.Single(racing, row => won[Array.IndexOf(racing, row)]);
            Assert.Equal(winner.Token, (await ReadEventAsync(key))?.Token);
        }
    }

    [Fact]
    public async Task An_update_with_the_right_token_replaces_body_and_token_and_nothing_else()
    {
        var row = Event("node/1");
        await AddAsync(row);
        var recorded = (await ReadEventAsync("node/1"))!;
        var update = row with { Body = [7, 7], Token = NewToken() };

        Assert.True(await Engine.UpdateEventAsync(update, row.Token, CancellationToken.None));

        var stored = (await ReadEventAsync("node/1"))!;
        Assert.Equal([7, 7], stored.Body);
        Assert.Equal((update.Token, recorded.At, recorded.Kind), (stored.Token, stored.At, stored.Kind));
    }

    [Fact]
    public async Task An_update_with_a_wrong_token_or_of_no_event_changes_nothing()
    {
        var row = Event("node/1");
        await AddAsync(row);

        Assert.False(await Engine.UpdateEventAsync(row with { Body = [7], Token = NewToken() }, NewToken(), CancellationToken.None));
        Assert.False(await Engine.UpdateEventAsync(Event("node/2"), row.Token, CancellationToken.None));

        Assert.Equal(row.Body, (await ReadEventAsync("node/1"))?.Body);
        Assert.Null(await ReadEventAsync("node/2"));
    }

    [Fact]
    public async Task Events_are_listed_newest_first_by_kind_and_up_to_the_limit()
    {
        foreach (var number in Enumerable.Range(1, 6))
        {
            await AddAsync(Event($"event/{number}") with { Kind = number % 2 == 0 ? "even" : "odd" });
        }

        Assert.Equal(["event/6", "event/5", "event/4", "event/3"], (await ListAsync(limit: 4)).Select(row => row.Key));
        Assert.Equal(["event/6", "event/4"], (await ListAsync("even", 2)).Select(row => row.Key));
        Assert.Equal(["event/5", "event/3", "event/1"], (await ListAsync("odd")).Select(row => row.Key));
        Assert.Empty(await ListAsync("neither"));
    }

    [Fact]
    public async Task Events_recorded_before_a_time_are_purged_in_small_steps()
    {
        foreach (var number in Enumerable.Range(1, 5))
        {
            await AddAsync(Event($"event/{number}"));
        }

        Assert.Equal(0, await Engine.PurgeEventsAsync(Past, 100, CancellationToken.None));
        Assert.Equal(3, await Engine.PurgeEventsAsync(Future, 3, CancellationToken.None));
        Assert.Equal(2, await Engine.PurgeEventsAsync(Future, 3, CancellationToken.None));
        Assert.Empty(await ListAsync());
    }

    [Theory]
    [MemberData(nameof(TaskKeysConformance.OddTexts), MemberType = typeof(TaskKeysConformance))]
    public async Task An_odd_key_is_kept_exactly(string key)
    {
        await AddAsync(Event(key));

        Assert.Equal(key, (await ReadEventAsync(key))?.Key);
    }

    [Fact]
    public async Task A_key_at_its_limit_is_kept_and_one_over_it_is_bad_data()
    {
        Assert.True(await AddAsync(Event(new string('é', StoreLimits.EventKey))));

        var refused = await Assert.ThrowsAsync<StoreException>(() => AddAsync(Event(new string('e', StoreLimits.EventKey + 1))));
        Assert.Equal(StoreFault.Data, refused.Fault);
    }

    [Fact]
    public async Task A_body_may_be_empty_or_large()
    {
        var large = new byte[1 << 20];
        new Random(1).NextBytes(large);
        await AddAsync(Event("empty") with { Body = [] });
        await AddAsync(Event("large") with { Body = large });

        Assert.Equal(Array.Empty<byte>(), (await ReadEventAsync("empty"))?.Body);
        Assert.Equal(large, (await ReadEventAsync("large"))?.Body);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(100)]
    public async Task A_walk_from_position_to_position_meets_each_event_of_the_kind_once_oldest_first(int limit)
    {
        foreach (var number in Enumerable.Range(1, 7))
        {
            await AddAsync(Event($"event/{number}") with { Kind = number == 4 ? "other" : "incident" });
        }

        var met = new List<EventRow>();
        for (var page = await ListAfterAsync(Past, null, limit); page.Count > 0; page = await ListAfterAsync(met[^1].At, met[^1].Key, limit))
        {
            Assert.InRange(page.Count, 1, limit);
            met.AddRange(page);
        }

        Assert.Equal(met.OrderBy(row => row.At), met);
        Assert.Equal(["event/1", "event/2", "event/3", "event/5", "event/6", "event/7"], met.Select(row => row.Key).Order());
    }

    [Fact]
    public async Task A_position_with_a_time_and_no_key_comes_before_all_events_of_that_time()
    {
        await AddAsync(Event("event/1"));
        var at = (await ReadEventAsync("event/1"))!.At;

        Assert.Equal(["event/1"], (await ListAfterAsync(at, null)).Select(row => row.Key));
        Assert.Empty(await ListAfterAsync(at, "event/1"));
        Assert.Empty(await ListAfterAsync(Future, null));
    }

    [Fact]
    public async Task A_position_holds_when_its_event_was_purged_or_changed()
    {
        await AddAsync(Event("event/1"));
        var position = (await ReadEventAsync("event/1"))!;
        await Engine.PurgeEventsAsync(Future, 100, CancellationToken.None);
        var row = Event("event/2");
        await AddAsync(row);
        await Engine.UpdateEventAsync(row with { Body = [9], Token = NewToken() }, row.Token, CancellationToken.None);

        Assert.Equal([9], Assert.Single(await ListAfterAsync(position.At, position.Key)).Body);
    }

    private Task<IReadOnlyList<EventRow>> ListAfterAsync(DateTimeOffset at, string? key, int limit = 100) =>
        Engine.ListEventsAfterAsync("incident", at, key, limit, CancellationToken.None);

    private EventRow Event(string key) => new() { Key = key, Kind = "incident", Token = NewToken(), Body = [1, 0, 1] };

    private Task<bool> AddAsync(EventRow row) => RepeatAsync(() => Engine.AddEventAsync(row, CancellationToken.None));

    private Task<EventRow?> ReadEventAsync(string key) => Engine.ReadEventAsync(key, CancellationToken.None);

    private Task<IReadOnlyList<EventRow>> ListAsync(string? kind = null, int limit = 100) =>
        Engine.ListEventsAsync(kind, limit, CancellationToken.None);
}
