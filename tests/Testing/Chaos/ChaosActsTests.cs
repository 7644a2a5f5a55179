using FaultTolerance.Testing.Chaos;
using FaultTolerance.Testing.Networks;

namespace FaultTolerance.Testing.Tests.Chaos;

public sealed class ChaosActsTests
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(7);

    private readonly FakeSite _site = new();

    [Theory]
    [InlineData("Kill", "kill silo-1", "kill silo-2", "follow")]
    [InlineData("PauseShort", "pause silo-1", "look at silo-1", "resume silo-1")]
    [InlineData("PauseLong", "pause silo-1", "follow", "resume silo-1")]
    [InlineData("Terminate", "terminate silo-1", "follow", "start silo-1")]
    [InlineData("Drain", "drain 1", "follow", "start silo-1")]
    [InlineData("StoreStop", "take StoreStop", "give StoreStop")]
    [InlineData("StoreFreeze", "take StoreFreeze", "give StoreFreeze")]
    [InlineData("StoreRestart", "take StoreRestart", "give StoreRestart")]
    [InlineData("NetworkCut", "cut silo-1", "cut silo-2", "follow", "heal")]
    [InlineData("NetworkStore", "cut silo-1", "cut silo-2", "follow", "heal")]
    [InlineData("NetworkLoss", "cut silo-1", "cut silo-2", "heal")]
    [InlineData("NetworkBlackout", "cut silo-1", "cut silo-2", "heal")]
    public async Task A_fault_is_done_to_all_that_it_strikes_and_healed_when_it_is_over(string kind, params string[] expected)
    {
        var end = await RunAsync(kind);

        Assert.True(end.HasFollowed);
        Assert.Equal(expected, InOrder());
    }

    [Theory]
    [InlineData("PauseShort")]
    [InlineData("NetworkLoss")]
    [InlineData("NetworkBlackout")]
    public async Task What_is_to_be_survived_lasts_as_long_as_it_was_planned_and_says_so(string kind) =>
        Assert.Equal(Length, (await RunAsync(kind)).Lasted);

    [Theory]
    [InlineData("StoreStop")]
    [InlineData("StoreFreeze")]
    public async Task The_store_is_away_as_long_as_it_was_planned(string kind)
    {
        await RunAsync(kind);

        Assert.Equal(Length, _site.Time.Elapsed);
    }

    [Theory]
    [InlineData("PauseLong", "pause silo-1", "follow", "resume silo-1")]
    [InlineData("NetworkCut", "cut silo-1", "cut silo-2", "follow", "heal")]
    [InlineData("NetworkOneWay", "cut silo-1", "cut silo-2", "follow", "heal")]
    [InlineData("NetworkPeers", "cut silo-1", "cut silo-2", "follow", "heal")]
    public async Task What_was_done_is_undone_although_following_throws(string kind, params string[] expected)
    {
        _site.On = act => Throw(act == "follow");

        await Assert.ThrowsAsync<ScriptedException>(() => RunAsync(kind));

        Assert.Equal(expected, InOrder());
    }

    [Theory]
    [InlineData("PauseLong", "pause silo-1", "follow", "resume silo-1")]
    [InlineData("NetworkCut", "cut silo-1", "cut silo-2", "follow", "heal")]
    [InlineData("Terminate", "terminate silo-1", "follow")]
    public async Task What_was_done_is_undone_although_nothing_has_followed_and_a_node_that_has_not_left_is_not_started(string kind, params string[] expected)
    {
        var end = await RunAsync(kind, hasFollowed: false);

        Assert.False(end.HasFollowed);
        Assert.Equal(expected, InOrder());
    }

    [Theory]
    [InlineData("PauseShort", "pause silo-1", "look at silo-1", "resume silo-1")]
    [InlineData("PauseAround", "pause silo-1", "look at silo-1", "resume silo-1")]
    [InlineData("PauseLong", "pause silo-1", "follow", "resume silo-1")]
    [InlineData("StoreStop", "take StoreStop", "give StoreStop")]
    [InlineData("StoreFreeze", "take StoreFreeze", "give StoreFreeze")]
    [InlineData("StoreRestart", "take StoreRestart", "give StoreRestart")]
    [InlineData("NetworkCut", "cut silo-1", "cut silo-2", "follow", "heal")]
    [InlineData("NetworkLoss", "cut silo-1", "cut silo-2", "heal")]
    [InlineData("NetworkBlackout", "cut silo-1", "cut silo-2", "heal")]
    public async Task What_was_done_is_undone_although_the_run_is_cancelled_in_the_midst_of_it(string kind, params string[] expected)
    {
        using var cancel = new CancellationTokenSource();
        _site.On = _ => cancel.Cancel();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => RunAsync(kind, cancellationToken: cancel.Token));

        Assert.Equal(expected, InOrder());
    }

    [Theory]
    [InlineData("silo-1", "silo-1", true)]
    [InlineData("silo-1", null, false)] // it has outlived it
    [InlineData(null, "silo-1", false)] // ended, and not for a lock
    [InlineData("silo-2", "silo-1", false)]
    public async Task Only_a_process_that_was_found_with_a_lock_and_is_gone_afterwards_was_ended_for_it(string? holder, string? ended, bool expected)
    {
        _site.LockHolder = holder;
        _site.On = act => _site.Ended = act == "resume silo-1" ? ended : null;

        Assert.Equal(expected, (await RunAsync("PauseShort")).WasEnded);
    }

    [Fact]
    public async Task A_process_that_was_gone_before_it_could_be_paused_was_not_ended_for_a_lock()
    {
        (_site.LockHolder, _site.Ended) = ("silo-1", "silo-1");

        Assert.False((await RunAsync("PauseShort")).WasEnded);
        Assert.Equal(["pause silo-1", "resume silo-1"], InOrder());
    }

    [Theory]
    [InlineData("StoreStop", "take StoreStop", "take StoreStop", "give StoreStop")]
    [InlineData("StoreFreeze", "take StoreFreeze", "take StoreFreeze", "give StoreFreeze")]
    [InlineData("NetworkCut", "cut silo-1", "cut silo-1", "cut silo-2", "heal")]
    [InlineData("NetworkLoss", "cut silo-2", "cut silo-1", "cut silo-2", "heal")]
    public async Task What_was_done_in_part_is_undone(string kind, string failing, params string[] expected)
    {
        _site.On = act => Throw(act == failing);

        await Assert.ThrowsAsync<ScriptedException>(() => RunAsync(kind));

        Assert.Equal(expected, InOrder());
    }

    private static void Throw(bool isTrue)
    {
        if (isTrue)
        {
            throw new ScriptedException();
        }
    }

    private Task<ChaosEnd> RunAsync(string name, bool hasFollowed = true, CancellationToken cancellationToken = default)
    {
        var kind = Enum.Parse<ChaosKind>(name);
        var fault = new ChaosFault(1, kind, [0, 1], kind == ChaosKind.StoreRestart ? TimeSpan.Zero : Length, kind >= ChaosKind.NetworkCut ? new NetworkFault() : null);
        var struck = _site.Nodes.Select((node, i) => new ChaosStrike(node, new NodeIncarnation(i + 1), _site.Store.Now)).ToList();
        return new ChaosActs(_site, _site.Time).RunAsync(fault, struck, FollowAsync, cancellationToken);

        Task<bool> FollowAsync()
        {
            _site.Note("follow");
            cancellationToken.ThrowIfCancellationRequested();
            return Task.FromResult(hasFollowed);
        }
    }

    /// <summary>Returns what was done. Who is cut first among those that are cut at once is nobody's concern.</summary>
    private IEnumerable<string> InOrder()
    {
        var cuts = _site.Acts.TakeWhile(act => act.StartsWith("cut", StringComparison.Ordinal)).ToList();
        return cuts.Order().Concat(_site.Acts.Skip(cuts.Count));
    }

    private sealed class ScriptedException : Exception;
}
