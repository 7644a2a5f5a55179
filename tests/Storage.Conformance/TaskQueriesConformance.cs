using FaultTolerance.Storage.Tasks;

namespace FaultTolerance.Storage.Conformance;

/// <summary>Reading, listing and counting rows.</summary>
public abstract class TaskQueriesConformance : EngineConformance
{
    [Fact]
    public async Task Reading_leaves_unknown_ids_out()
    {
        var rows = await StoreAsync(NewTask(), NewTask());

        var read = await Engine.ReadAsync([rows[0].Id, TaskId.New(), rows[1].Id], CancellationToken.None);

        Assert.Equal(rows.Select(row => row.Id).Order(), read.Select(row => row.Id).Order());
        Assert.Empty(await Engine.ReadAsync([], CancellationToken.None));
    }

    [Fact]
    public async Task The_greatest_number_of_ids_is_read_at_once()
    {
        TaskId[] ids = [.. Enumerable.Range(0, StoreLimits.Read).Select(_ => TaskId.New())];
        var row = Assert.Single(await StoreAsync(NewTask()));
        ids[^1] = row.Id;

        Assert.Equal(row.Id, Assert.Single(await Engine.ReadAsync(ids, CancellationToken.None)).Id);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Pages_hold_every_row_once_in_the_order_of_ids(bool newestFirst)
    {
        var rows = await StoreAsync([.. Enumerable.Range(0, 25).Select(_ => NewTask())]);
        var expected = rows.Select(row => row.Id).Order().ToList();
        if (newestFirst)
        {
            expected.Reverse();
        }

        var pages = await PagesAsync(new TaskQuery { Limit = 10, NewestFirst = newestFirst });

        Assert.Equal([10, 10, 5], pages.Select(page => page.Count));
        Assert.Equal(expected, pages.SelectMany(page => page).Select(row => row.Id));
    }

    [Fact]
    public async Task Ids_of_any_kind_are_in_the_order_of_their_bytes()
    {
        var random = new Random(1);
        var bytes = new byte[TaskId.ByteLength];
        TaskId[] ids = [default, new(Guid.AllBitsSet), .. Enumerable.Range(0, 50).Select(_ =>
        {
            random.NextBytes(bytes);
            return TaskId.FromBytes(bytes);
        })];
        await StoreAsync([.. ids.Select(id => WithId(NewTask(), id))]);

        var pages = await PagesAsync(new TaskQuery { Limit = 7 });

        Assert.Equal(ids.Order(), pages.SelectMany(page => page).Select(row => row.Id));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Pages_of_a_phase_hold_its_rows_only(bool newestFirst)
    {
        var rows = await StoreAsync([.. Enumerable.Range(0, 30).Select(i => NewTask(i % 3 == 0 ? TaskPhase.Failed : TaskPhase.Succeeded))]);
        await StoreAsync(NewTask(), NewTask(TaskPhase.Waiting), NewTask(TaskPhase.Cancelled));
        var expected = rows.Where(row => row.Phase == TaskPhase.Failed).Select(row => row.Id).Order();

        var pages = await PagesAsync(new TaskQuery { Limit = 4, Phase = TaskPhase.Failed, NewestFirst = newestFirst });

        Assert.Equal(newestFirst ? expected.Reverse() : expected, pages.SelectMany(page => page).Select(row => row.Id));
    }

    [Fact]
    public async Task Pages_of_an_owner_hold_its_running_rows_only()
    {
        var rows = await StoreAsync([.. Enumerable.Range(0, 9).Select(i => NewTask(TaskPhase.Running, owner: i % 2 == 0 ? Node1 : Node2))]);
        await StoreAsync(NewTask());
        var expected = rows.Where(row => row.Owner == Node1).Select(row => row.Id).Order();

        var pages = await PagesAsync(new TaskQuery { Limit = 2, Owner = Node1 });
        var inPhase = await Engine.ListAsync(new TaskQuery { Limit = 100, Owner = Node1, Phase = TaskPhase.Running }, CancellationToken.None);

        Assert.Equal(expected, pages.SelectMany(page => page).Select(row => row.Id));
        Assert.Equal(expected, inPhase.Select(row => row.Id));
        Assert.Empty(await Engine.ListAsync(new TaskQuery { Limit = 100, Owner = Node3 }, CancellationToken.None));
    }

    [Fact]
    public async Task A_page_may_start_after_an_id_that_is_gone()
    {
        var rows = await StoreAsync(NewTask(), NewTask(), NewTask());
        TaskId[] ids = [.. rows.Select(row => row.Id).Order()];
        await WriteAsync(Finish(rows.Single(row => row.Id == ids[1])));
        await Engine.PurgeAsync(TaskPhase.Succeeded, Future, 10, CancellationToken.None);

        var up = await Engine.ListAsync(new TaskQuery { Limit = 10, After = ids[1] }, CancellationToken.None);
        var down = await Engine.ListAsync(new TaskQuery { Limit = 10, After = ids[1], NewestFirst = true }, CancellationToken.None);

        Assert.Equal([ids[2]], up.Select(row => row.Id));
        Assert.Equal([ids[0]], down.Select(row => row.Id));
    }

    [Fact]
    public async Task A_listed_row_is_whole()
    {
        var row = Assert.Single(await StoreAsync(NewTask(TaskPhase.Failed)));

        AssertSame(row, Assert.Single(await Engine.ListAsync(new TaskQuery { Limit = 1 }, CancellationToken.None)));
    }

    [Fact]
    public async Task Rows_are_counted_by_phase()
    {
        Assert.All(await Engine.CountAsync(CancellationToken.None), count => Assert.Equal(0, count.Value));
        foreach (var phase in Enum.GetValues<TaskPhase>())
        {
            await StoreAsync([.. Enumerable.Range(0, (int)phase + 1).Select(_ => NewTask(phase, owner: phase == TaskPhase.Running ? Node1 : default))]);
        }

        var counts = await Engine.CountAsync(CancellationToken.None);

        Assert.All(Enum.GetValues<TaskPhase>(), phase => Assert.Equal((int)phase + 1, counts[phase]));
    }

    [Fact]
    public async Task The_stores_time_goes_forward()
    {
        var first = await Engine.ReadTimeAsync(CancellationToken.None);
        var second = await Engine.ReadTimeAsync(CancellationToken.None);

        Assert.True(second >= first, $"{second:O} came after {first:O}");
        Assert.InRange(first, Past, Future);
    }

    private async Task<List<IReadOnlyList<TaskRow>>> PagesAsync(TaskQuery query)
    {
        var pages = new List<IReadOnlyList<TaskRow>>();
        while (await Engine.ListAsync(query, CancellationToken.None) is { Count: > 0 } page)
        {
            pages.Add(page);
            query = query with { After = page[^1].Id };
        }

        return pages;
    }
}
