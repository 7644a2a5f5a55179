using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Runtime;

namespace FaultTolerance.Storage.PostgreSql.Tests;

/// <summary>Orleans' own providers on our tables and statements.</summary>
public sealed class OrleansTablesTests(SharedServer shared) : IAsyncLifetime
{
    private IHost _silo = null!;
    private IMembershipTable _members = null!;
    private IReminderTable _reminders = null!;
    private int _generation;

    private static DateTime Now { get; } = new(2026, 1, 2, 3, 4, 5, 678, DateTimeKind.Utc);

    public async ValueTask InitializeAsync()
    {
        var database = shared.NewSchema();
        await using var engine = PostgresStore.CreateEngine(database);
        await engine.InitializeAsync(CancellationToken.None);
        _silo = TestSilos.Silo("not started", database);
        _members = _silo.Services.GetRequiredService<IMembershipTable>();
        _reminders = _silo.Services.GetRequiredService<IReminderTable>();
        await _members.InitializeMembershipTableAsync(tryInitTableVersion: true);
        await _reminders.StartAsync();
    }

    public ValueTask DisposeAsync()
    {
        _silo.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task An_inserted_row_is_read_back_and_moves_the_version_on()
    {
        var entry = Entry();

        Assert.True(await _members.InsertRowAsync(entry, (await _members.ReadAllAsync()).Version.Next()));

        var data = await _members.ReadRowAsync(entry.SiloAddress);
        var read = Assert.Single(data.Members).Item1;
        Assert.Equal((entry.SiloAddress, entry.SiloName, entry.HostName, entry.ProxyPort), (read.SiloAddress, read.SiloName, read.HostName, read.ProxyPort));
        Assert.Equal((entry.Status, entry.StartTime, entry.IAmAliveTime), (read.Status, read.StartTime, read.IAmAliveTime));
        Assert.Equal(1, data.Version.Version);
    }

    [Fact]
    public async Task A_row_that_exists_or_an_old_version_is_not_inserted_and_leaves_the_version()
    {
        var (entry, version) = (Entry(), (await _members.ReadAllAsync()).Version.Next());
        Assert.True(await _members.InsertRowAsync(entry, version));

        Assert.False(await _members.InsertRowAsync(entry, version));
        Assert.False(await _members.InsertRowAsync(Entry(), version));
        Assert.False(await _members.InsertRowAsync(entry, (await _members.ReadAllAsync()).Version.Next()));

        var data = await _members.ReadAllAsync();
        Assert.Single(data.Members);
        Assert.Equal(1, data.Version.Version);
    }

    [Fact]
    public async Task A_row_is_updated_with_the_newest_version_only()
    {
        var entry = Entry();
        var version = (await _members.ReadAllAsync()).Version.Next();
        await _members.InsertRowAsync(entry, version);
        var etag = Assert.Single((await _members.ReadAllAsync()).Members).Item2;
        entry.Status = SiloStatus.Dead;
        entry.SuspectTimes = [Tuple.Create(Entry().SiloAddress, Now)];

        Assert.False(await _members.UpdateRowAsync(entry, etag, version));
        Assert.False(await _members.UpdateRowAsync(Entry(), etag, (await _members.ReadAllAsync()).Version.Next()));
        Assert.True(await _members.UpdateRowAsync(entry, etag, (await _members.ReadAllAsync()).Version.Next()));

        var data = await _members.ReadAllAsync();
        var read = Assert.Single(data.Members).Item1;
        Assert.Equal(SiloStatus.Dead, read.Status);
        Assert.Equal(entry.SuspectTimes, read.SuspectTimes);
        Assert.Equal(2, data.Version.Version);
    }

    [Fact]
    public async Task Of_silos_that_insert_under_one_version_one_wins()
    {
        var version = (await _members.ReadAllAsync()).Version.Next();

        var won = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _members.InsertRowAsync(Entry(), version)));

        Assert.Single(won, inserted => inserted);
        var data = await _members.ReadAllAsync();
        Assert.Single(data.Members);
        Assert.Equal(1, data.Version.Version);
    }

    [Fact]
    public async Task A_sign_of_life_changes_nothing_else()
    {
        var entry = Entry();
        await _members.InsertRowAsync(entry, (await _members.ReadAllAsync()).Version.Next());
        entry.IAmAliveTime = Now.AddMinutes(1);

        await _members.UpdateIAmAliveAsync(entry);

        var data = await _members.ReadAllAsync();
        Assert.Equal(Now.AddMinutes(1), Assert.Single(data.Members).Item1.IAmAliveTime);
        Assert.Equal(1, data.Version.Version);
    }

    [Fact]
    public async Task Old_rows_are_cleaned_up_but_not_those_of_active_silos()
    {
        MembershipEntry[] entries = [Entry(SiloStatus.Dead), Entry(SiloStatus.Active), Entry(SiloStatus.Dead)];
        entries[2].IAmAliveTime = Now.AddHours(1);
        foreach (var entry in entries)
        {
            Assert.True(await _members.InsertRowAsync(entry, (await _members.ReadAllAsync()).Version.Next()));
        }

        await _members.CleanupDefunctSiloEntriesAsync(new DateTimeOffset(Now.AddMinutes(1)));

        var left = (await _members.ReadAllAsync()).Members.Select(member => member.Item1.SiloAddress);
        Assert.Equal(entries[1..].Select(entry => entry.SiloAddress).ToHashSet(), left.ToHashSet());
    }

    [Fact]
    public async Task Of_silos_that_make_the_table_together_one_makes_the_version()
    {
        await _members.DeleteMembershipTableEntriesAsync("cluster");

        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => _members.InitializeMembershipTableAsync(tryInitTableVersion: true)));

        Assert.Equal(0, (await _members.ReadAllAsync()).Version.Version);
    }

    [Fact]
    public async Task A_reminder_is_kept_changed_and_removed_by_whoever_knows_its_etag()
    {
        var reminder = Reminder("grain", "name");
        var first = await _reminders.UpsertRow(reminder);
        reminder.Period = TimeSpan.FromDays(40);
        var second = await _reminders.UpsertRow(reminder);

        var read = await _reminders.ReadRow(reminder.GrainId, "name");
        Assert.Equal((reminder.StartAt, reminder.Period, second), (read!.StartAt, read.Period, read.ETag));
        Assert.False(await _reminders.RemoveRow(reminder.GrainId, "name", first!));
        Assert.True(await _reminders.RemoveRow(reminder.GrainId, "name", second!));
        Assert.Null(await _reminders.ReadRow(reminder.GrainId, "name"));
    }

    [Fact]
    public async Task Reminders_are_read_by_grain_and_by_range_and_the_range_may_wrap()
    {
        ReminderEntry[] entries = [.. Enumerable.Range(0, 20).Select(i => Reminder($"grain{i / 2}", $"name{i % 2}"))];
        foreach (var entry in entries)
        {
            await _reminders.UpsertRow(entry);
        }

        Assert.Equal(2, (await _reminders.ReadRows(entries[0].GrainId)).Reminders.Count);
        uint[] bounds = [0, 0x4000_0000, 0x8000_0000, 0xC000_0000];
        var ranges = await Task.WhenAll(bounds.Select((begin, i) => _reminders.ReadRows(begin, bounds[(i + 1) % bounds.Length])));
        Assert.Equal(entries.Length, ranges.Sum(range => range.Reminders.Count));
        Assert.Equal(entries.Length, (await _reminders.ReadRows(0, 0)).Reminders.Count);
    }

    private static ReminderEntry Reminder(string grain, string name) => new()
    {
        GrainId = GrainId.Create("test", grain),
        ReminderName = name,
        StartAt = Now,
        Period = TimeSpan.FromMinutes(1),
    };

    private MembershipEntry Entry(SiloStatus status = SiloStatus.Active) => new()
    {
        SiloAddress = SiloAddress.New(IPAddress.Loopback, 11_111, Interlocked.Increment(ref _generation)),
        SiloName = "silo",
        HostName = "host",
        Status = status,
        ProxyPort = 30_000,
        StartTime = Now,
        IAmAliveTime = Now,
    };
}
