using FaultTolerance.Storage.Tasks;

namespace FaultTolerance.Storage.Conformance;

/// <summary>Claiming queued rows.</summary>
public abstract class TaskClaimsConformance : EngineConformance
{
    [Fact]
    public async Task A_claimed_row_is_running_and_owned_with_its_attempt_raised_and_its_time_set()
    {
        var insert = NewTask(due: Past);
        var row = Assert.Single(await StoreAsync(insert with { Row = insert.Row with { Attempt = 4, Deadline = Future } }));
        var before = await Engine.ReadTimeAsync(CancellationToken.None);

        var claimed = Assert.Single(await ClaimAsync(Node1));

        Assert.NotNull(claimed.Claimed);
        Assert.InRange(claimed.Claimed.Value, before, await Engine.ReadTimeAsync(CancellationToken.None));
        AssertSame(
            row with { Phase = TaskPhase.Running, Attempt = 5, Owner = Node1, Token = claimed.Token, Claimed = claimed.Claimed },
            claimed);
        Assert.NotEqual(row.Token, claimed.Token);
        AssertSame(claimed, await ReadAsync(row.Id));
    }

    [Fact]
    public async Task Claimed_rows_carry_the_token_of_the_claim()
    {
        await StoreAsync(NewTask(), NewTask());
        var claim = new TaskClaim { Owner = Node1, Token = NewToken(), Limit = 10, Handlers = ["test.run@1"] };

        var claimed = await Engine.ClaimAsync(claim, CancellationToken.None);

        Assert.Equal([claim.Token, claim.Token], claimed.Select(row => row.Token));
    }

    [Fact]
    public async Task Only_queued_rows_that_are_due_are_claimed()
    {
        var due = Assert.Single(await StoreAsync(NewTask()));
        await StoreAsync(
            NewTask(due: Future),
            NewTask(TaskPhase.Waiting),
            NewTask(TaskPhase.Running, owner: Node2),
            NewTask(TaskPhase.Succeeded),
            NewTask(TaskPhase.Failed),
            NewTask(TaskPhase.Cancelled));

        Assert.Equal(due.Id, Assert.Single(await ClaimAsync(Node1)).Id);
        Assert.Empty(await ClaimAsync(Node1));
    }

    [Fact]
    public async Task The_oldest_due_are_claimed_first_and_no_more_than_the_limit()
    {
        var rows = await StoreAsync([.. Enumerable.Range(0, 10).Select(i => NewTask(due: Past.AddMinutes((i * 7) % 10)))]);
        var order = rows.OrderBy(row => row.Due).Select(row => row.Id).ToArray();

        var first = await ClaimAsync(Node1, limit: 4);
        var second = await ClaimAsync(Node1, limit: 4);
        var third = await ClaimAsync(Node1, limit: 4);

        Assert.Equal(order[..4].Order(), first.Select(row => row.Id).Order());
        Assert.Equal(order[4..8].Order(), second.Select(row => row.Id).Order());
        Assert.Equal(order[8..].Order(), third.Select(row => row.Id).Order());
    }

    [Fact]
    public async Task Rows_of_other_handlers_and_versions_are_left()
    {
        var rows = await StoreAsync(
            NewTask(handler: "a@1"), NewTask(handler: "a@2"), NewTask(handler: "b@1"), NewTask(handler: "A@1"));

        var claimed = await ClaimAsync(Node1, handlers: ["a@1", "b@1", "c@1"]);

        Assert.Equal(new[] { rows[0].Id, rows[2].Id }.Order(), claimed.Select(row => row.Id).Order());
    }

    [Fact]
    public async Task Rows_of_others_do_not_hide_rows_behind_them()
    {
        await StoreAsync([.. Enumerable.Range(0, 50).Select(i => NewTask(due: Past.AddSeconds(i), handler: "other@1"))]);
        var mine = Assert.Single(await StoreAsync(NewTask(due: Past.AddHours(1))));

        Assert.Equal(mine.Id, Assert.Single(await ClaimAsync(Node1, limit: 1)).Id);
    }

    [Fact]
    public async Task A_node_without_handlers_claims_nothing()
    {
        await StoreAsync(NewTask());

        Assert.Empty(await ClaimAsync(Node1, handlers: []));
    }

    [Fact]
    public async Task A_node_may_have_very_many_handlers()
    {
        var row = Assert.Single(await StoreAsync(NewTask(handler: "handler.999@1")));

        var claimed = await ClaimAsync(Node1, handlers: [.. Enumerable.Range(0, 1_000).Select(i => $"handler.{i}@1")]);

        Assert.Equal(row.Id, Assert.Single(claimed).Id);
    }

    [Fact]
    public async Task A_claim_of_nothing_claims_nothing()
    {
        await StoreAsync(NewTask());

        Assert.Empty(await ClaimAsync(Node1, limit: 0));
    }

    [Fact]
    public async Task Rows_due_before_the_mark_are_not_looked_for()
    {
        var rows = await StoreAsync(
            NewTask(due: Past), NewTask(due: Past.AddSeconds(1)), NewTask(due: Past.AddSeconds(2)));

        var claimed = await ClaimAsync(Node1, dueFrom: Past.AddSeconds(1));

        Assert.Equal(rows.Skip(1).Select(row => row.Id).Order(), claimed.Select(row => row.Id).Order());
        Assert.Equal(rows[0].Id, Assert.Single(await ClaimAsync(Node1)).Id);
    }

    [Fact]
    public async Task A_mark_in_the_future_finds_nothing()
    {
        await StoreAsync(NewTask());

        Assert.Empty(await ClaimAsync(Node1, dueFrom: Future));
    }

    [Fact]
    public async Task Nodes_that_claim_at_the_same_time_never_share_a_row()
    {
        var rows = await StoreAsync([.. Enumerable.Range(0, 200).Select(i => NewTask(due: Past.AddSeconds(i)))]);

        var claims = await TogetherAsync(4, async claimer =>
        {
            var mine = new List<TaskRow>();
            while (await ClaimAsync(new NodeIncarnation(claimer + 1), limit: 7) is { Count: > 0 } claimed)
            {
                mine.AddRange(claimed);
            }

            return mine;
        });

        var all = claims.SelectMany(claimed => claimed).ToList();
        Assert.Equal(rows.Select(row => row.Id).Order(), all.Select(row => row.Id).Order());
        Assert.All(all, row => Assert.Equal(1, row.Attempt));
        foreach (var row in await Engine.ReadAsync([.. rows.Select(row => row.Id)], CancellationToken.None))
        {
            Assert.Equal(all.Single(claimed => claimed.Id == row.Id).Owner, row.Owner);
        }
    }

    [Fact]
    public async Task A_claim_and_a_cancellation_that_race_have_one_winner()
    {
        for (var round = 0; round < 20; round++)
        {
            var row = Assert.Single(await StoreAsync(NewTask()));
            var cancel = Finish(row, TaskPhase.Cancelled);

            var won = await TogetherAsync(2, async side =>
                side == 0 ? (await ClaimAsync(Node1)).Count == 1 : (await WriteAsync(cancel)).IsApplied);

            Assert.Single(won, side => side);
            Assert.Equal(won[0] ? TaskPhase.Running : TaskPhase.Cancelled, (await ReadAsync(row.Id)).Phase);
        }
    }

    [Fact]
    public async Task A_zombie_whose_row_was_claimed_again_changes_nothing()
    {
        await StoreAsync(NewTask());
        var zombie = Assert.Single(await ClaimAsync(Node1));
        await WriteAsync(Touch(zombie) with { Phase = TaskPhase.Queued, Owner = NodeIncarnation.None });
        var successor = Assert.Single(await ClaimAsync(Node2));

        Assert.Equal(TaskWriteResult.Conflict, await WriteAsync(Finish(zombie)));

        AssertSame(successor, await ReadAsync(successor.Id));
        Assert.Equal(2, successor.Attempt);
    }

    [Fact]
    public async Task The_next_due_time_is_that_of_the_first_queued_row()
    {
        Assert.Null(await Engine.NextDueAsync(CancellationToken.None));
        await StoreAsync(NewTask(TaskPhase.Waiting), NewTask(due: Future.AddDays(1)), NewTask(due: Future), NewTask(due: Past, handler: "other@1"));

        Assert.Equal(Past, await Engine.NextDueAsync(CancellationToken.None));
        await ClaimAsync(Node1, handlers: ["other@1"]);
        Assert.Equal(Future, await Engine.NextDueAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Owners_are_the_lives_that_own_a_running_row_each_once()
    {
        var rows = await StoreAsync(
            NewTask(TaskPhase.Running, owner: Node1),
            NewTask(TaskPhase.Running, owner: Node1),
            NewTask(TaskPhase.Running, owner: Node2),
            NewTask());

        Assert.Equal([Node1, Node2], (await Engine.ListOwnersAsync(CancellationToken.None)).Order());
        await WriteAsync(Finish(rows[2]));
        Assert.Equal([Node1], await Engine.ListOwnersAsync(CancellationToken.None));
        await WriteAllAsync([Finish(rows[0]), Finish(rows[1])]);
        Assert.Empty(await Engine.ListOwnersAsync(CancellationToken.None));
    }
}
