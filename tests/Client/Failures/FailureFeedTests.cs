using FaultTolerance.Client.Tests.Clusters;
using FaultTolerance.Failures;
using Orleans.Runtime;

namespace FaultTolerance.Client.Tests.Failures;

/// <summary>A reader of failures, with a cluster whose answers the test gives.</summary>
public sealed class FailureFeedTests : IAsyncDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);

    private readonly FakeCluster _cluster = FakeCluster.Start(options => (options.CallTimeout, options.SubmitTimeout) = (TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1)));
    private IAsyncEnumerator<FailureNotice>? _reader;

    private IncidentTable Table => _cluster.Incidents;

    public async ValueTask DisposeAsync()
    {
        await (_reader?.DisposeAsync() ?? default);
        await _cluster.DisposeAsync();
    }

    [Fact]
    public async Task From_the_beginning_all_are_told_oldest_first_and_then_the_new_ones_as_they_come()
    {
        Table.Commit(("b", 2), ("a", 1));
        Read(FailurePosition.Beginning);
        Assert.Equal(["a", "b"], [await NextAsync(), await NextAsync()]);

        var next = NextAsync();
        await _cluster.Clock.SetAsync(Poll);
        Table.Commit(("c", 3));
        _cluster.Clock.Advance(Poll);

        Assert.Equal("c", await next);
    }

    [Fact]
    public async Task Without_a_position_only_those_from_now_on_are_told_however_many_there_were()
    {
        Table.Commit([.. Enumerable.Range(0, 1_000).Select(number => ($"old/{number}", number / 1_000.0))]);
        Read(null);
        var next = NextAsync();
        await _cluster.Clock.SetAsync(Poll);
        Table.Commit(("new", 2));
        _cluster.Clock.Advance(Poll);

        Assert.Equal("new", await next);
    }

    [Fact]
    public async Task One_that_commits_late_with_an_older_time_is_told_and_none_twice()
    {
        Table.Commit(("a", 1), ("c", 3));
        Read(FailurePosition.Beginning);
        Assert.Equal(["a", "c"], [await NextAsync(), await NextAsync()]);

        var next = NextAsync();
        await _cluster.Clock.SetAsync(Poll);
        Table.Commit(("b", 2));
        _cluster.Clock.Advance(Poll);
        Assert.Equal("b", await next);

        next = NextAsync();
        await _cluster.Clock.SetAsync(Poll);
        Table.SettledAt = 60;
        Table.Commit(("d", 100));
        _cluster.Clock.Advance(Poll);
        Assert.Equal("d", await next);
    }

    [Fact]
    public async Task A_reader_goes_on_after_the_position_that_another_one_kept()
    {
        Table.Commit(("a", 1), ("b", 2), ("c", 3));
        Read(FailurePosition.Beginning);
        await NextAsync();
        await NextAsync();
        var kept = _reader!.Current.Position.ToString();
        await _reader.DisposeAsync();
        Table.Commit(("late", 1.5));

        Read(new FailurePosition(kept));

        Assert.Equal(["late", "c"], [await NextAsync(), await NextAsync()]);
    }

    [Fact]
    public async Task Of_more_than_can_be_remembered_the_rest_waits_until_the_order_is_settled()
    {
        Table.Commit([.. Enumerable.Range(1, 450).Select(number => ($"{number:000}", (double)number))]);
        Read(FailurePosition.Beginning);
        for (var number = 1; number <= FailureCursor.MaxTold; number++)
        {
            Assert.Equal($"{number:000}", await NextAsync());
        }

        var next = NextAsync();
        await _cluster.Clock.SetAsync(Poll);
        Table.SettledAt = 200;
        _cluster.Clock.Advance(Poll);
        await _cluster.Clock.PassAsync(Poll);

        Assert.Equal("301", await next);
        for (var number = 302; number <= 450; number++)
        {
            Assert.Equal($"{number:000}", await NextAsync());
        }

        Assert.InRange(Table.LargestLimit, 1, IClusterQueryGrain.MaxIncidents);
    }

    [Fact]
    public async Task A_cluster_that_is_away_for_long_only_makes_a_pause()
    {
        Table.Fail(new SiloUnavailableException("gone"));
        Read(FailurePosition.Beginning);
        var next = NextAsync();
        foreach (var pause in new[] { 50, 100, 200, 400, 250 }) // the repeats of one question end after SubmitTimeout, and it is asked anew
        {
            await _cluster.Clock.PassAsync(TimeSpan.FromMilliseconds(pause));
        }

        await _cluster.Clock.SetAsync(Poll);
        Table.Commit(("a", 1));
        Table.Fail(null);
        _cluster.Clock.Advance(Poll);

        Assert.Equal("a", await next);
    }

    [Fact]
    public async Task A_reader_ends_with_its_token_and_with_the_client()
    {
        using var stop = new CancellationTokenSource();
        Read(FailurePosition.Beginning, stop.Token);
        var next = NextAsync();
        await _cluster.Clock.SetAsync(Poll);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);

        Read(FailurePosition.Beginning);
        next = NextAsync();
        await _cluster.Clock.SetAsync(Poll);
        await _cluster.DisposeAsync();
        _cluster.Clock.Advance(Poll);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => next);
    }

    [Fact]
    public async Task A_failure_is_found_by_its_key()
    {
        Table.Commit(("a", 1));

        Assert.Equal("a", (await Feed().FindAsync("a"))!.Key);
        Assert.Null(await Feed().FindAsync("b"));
        await Assert.ThrowsAsync<ArgumentException>(() => Feed().FindAsync(""));
    }

    private FailureFeed Feed() => new(_cluster.Core);

    private void Read(FailurePosition? after, CancellationToken cancellationToken = default) =>
        _reader = Feed().ReadAsync(after, cancellationToken).GetAsyncEnumerator(cancellationToken);

    private async Task<string> NextAsync()
    {
        Assert.True(await Hang.Limit(_reader!.MoveNextAsync().AsTask(), "no failure was told"));
        return _reader.Current.Incident.Key;
    }
}
