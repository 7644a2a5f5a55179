namespace FaultTolerance.Storage.Sqlite.Tests.Clustering;

/// <summary>What Orleans asks of a reminder table: the rules of its own suite for all such tables.</summary>
public sealed class ReminderTableTests : IAsyncLifetime
{
    private readonly DataFolder _folder = new();
    private ClusterTables _tables = null!;

    private static DateTime Now { get; } = new(2026, 1, 2, 3, 4, 5, 678, 901, DateTimeKind.Utc);

    private IReminderTable Table => _tables.Reminders;

    public async ValueTask InitializeAsync() => _tables = await ClusterTables.OpenAsync(_folder.Path);

    public async ValueTask DisposeAsync()
    {
        await _tables.DisposeAsync();
        await _folder.DisposeAsync();
    }

    [Fact]
    public async Task A_reminder_is_read_back_as_it_was_written()
    {
        var written = Reminder(1, "foo/bar\\#b_a_z?\0 👩‍👩‍👧");

        var etag = await Table.UpsertRow(written);

        var read = await Table.ReadRow(written.GrainId, written.ReminderName);
        Assert.NotNull(read);
        Assert.Equal((written.GrainId, written.ReminderName), (read.GrainId, read.ReminderName));
        Assert.Equal((written.StartAt, written.Period, etag), (read.StartAt, read.Period, read.ETag));
        Assert.Equal(DateTimeKind.Utc, read.StartAt.Kind);
    }

    [Fact]
    public async Task An_unknown_reminder_is_not_found()
    {
        Assert.Null(await Table.ReadRow(Grain(1), "unknown"));
        Assert.Empty((await Table.ReadRows(Grain(1))).Reminders);
    }

    [Fact]
    public async Task A_reminder_is_removed_only_under_its_name_and_with_its_etag()
    {
        var reminder = Reminder(1, "name");
        var first = await Table.UpsertRow(reminder);
        var second = await Table.UpsertRow(reminder);

        Assert.False(await Table.RemoveRow(reminder.GrainId, "name", first!), "an old etag");
        Assert.False(await Table.RemoveRow(reminder.GrainId, "name", "no number"), "an etag of another store");
        Assert.False(await Table.RemoveRow(reminder.GrainId, "other", second!), "another name");
        Assert.True(await Table.RemoveRow(reminder.GrainId, "name", second!));
        Assert.False(await Table.RemoveRow(reminder.GrainId, "name", second!), "a repeat");
    }

    [Fact]
    public async Task An_etag_never_returns_when_a_reminder_is_made_anew()
    {
        var reminder = Reminder(1, "name");
        var first = (await Table.UpsertRow(reminder))!;
        await Table.RemoveRow(reminder.GrainId, "name", first);

        await Table.UpsertRow(reminder);

        Assert.False(await Table.RemoveRow(reminder.GrainId, "name", first));
    }

    [Fact]
    public async Task Each_of_many_writes_at_the_same_time_has_an_etag_of_its_own()
    {
        var etags = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Table.UpsertRow(Reminder(i % 5, "name"))));

        Assert.Equal(50, etags.Distinct().Count());
    }

    [Fact]
    public async Task A_grains_reminders_are_its_own()
    {
        await Table.UpsertRow(Reminder(1, "one"));
        await Table.UpsertRow(Reminder(1, "two"));
        await Table.UpsertRow(Reminder(2, "three"));

        var names = (await Table.ReadRows(Grain(1))).Reminders.Select(reminder => reminder.ReminderName);

        Assert.Equal(["one", "two"], names.Order());
    }

    [Fact]
    public async Task A_range_of_the_ring_holds_the_hashes_after_its_beginning_up_to_its_end()
    {
        var grains = Enumerable.Range(0, 500).Select(Grain).ToList();
        await Task.WhenAll(Enumerable.Range(0, 500).Select(i => Table.UpsertRow(Reminder(i, "name"))));
        var hashes = grains.ConvertAll(grain => grain.GetUniformHashCode());
        var random = new Random(42);

        await AssertRangeAsync(0, uint.MaxValue, hashes);
        await AssertRangeAsync(0, 0, hashes);
        await AssertRangeAsync(hashes[0], hashes[1], hashes); // ends that are hashes themselves
        await AssertRangeAsync(hashes[1], hashes[0], hashes);
        for (var round = 0; round < 200; round++)
        {
            await AssertRangeAsync((uint)random.NextInt64(uint.MaxValue), (uint)random.NextInt64(uint.MaxValue), hashes);
        }
    }

    [Fact]
    public async Task Services_in_one_folder_do_not_see_each_other()
    {
        await using var other = await ClusterTables.OpenAsync(_folder.Path, "other");
        await Table.UpsertRow(Reminder(1, "name"));

        Assert.Empty((await other.Reminders.ReadRows(0, 0)).Reminders);
        await other.Reminders.TestOnlyClearTable();
        Assert.Single((await Table.ReadRows(0, 0)).Reminders);
        await Table.TestOnlyClearTable();
        Assert.Empty((await Table.ReadRows(0, 0)).Reminders);
    }

    private async Task AssertRangeAsync(uint begin, uint end, List<uint> hashes)
    {
        var expected = hashes.Where(hash => begin < end ? hash > begin && hash <= end : hash > begin || hash <= end);
        var found = (await Table.ReadRows(begin, end)).Reminders.Select(reminder => reminder.GrainId.GetUniformHashCode());
        Assert.Equal(expected.Order(), found.Order());
    }

    private static ReminderEntry Reminder(int grain, string name) => new()
    {
        GrainId = Grain(grain),
        ReminderName = name,
        StartAt = Now,
        Period = TimeSpan.FromMinutes(1),
    };

    private static GrainId Grain(int number) => GrainId.Create("my-remindable-grain", $"{number}+foo/bar\\#baz?");
}
