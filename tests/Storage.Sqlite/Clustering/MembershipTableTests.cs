using System.Net;

namespace FaultTolerance.Storage.Sqlite.Tests.Clustering;

/// <summary>What Orleans asks of a membership table: the rules of its own suite for all such tables.</summary>
public sealed class MembershipTableTests : IAsyncLifetime
{
    private readonly DataFolder _folder = new();
    private ClusterTables _tables = null!;
    private int _generation;

    private static DateTime Now { get; } = new(2026, 1, 2, 3, 4, 5, 678, 901, DateTimeKind.Utc);

    private IMembershipTable Table => _tables.Members;

    public async ValueTask InitializeAsync() => _tables = await ClusterTables.OpenAsync(_folder.Path);

    public async ValueTask DisposeAsync()
    {
        await _tables.DisposeAsync();
        await _folder.DisposeAsync();
    }

    [Fact]
    public async Task An_empty_table_has_version_0_and_an_etag()
    {
        var data = await Table.ReadAllAsync();

        Assert.Empty(data.Members);
        Assert.Equal(0, data.Version.Version);
        Assert.NotNull(data.Version.VersionEtag);
    }

    [Fact]
    public async Task An_inserted_row_is_read_back_whole_and_moves_the_version_on()
    {
        var entry = Entry();
        entry.SuspectTimes = [Tuple.Create(Silo(), Now), Tuple.Create(SiloAddress.New(IPAddress.IPv6Loopback, 5, 6), Now.AddSeconds(1))];
        (entry.RoleName, entry.UpdateZone, entry.FaultZone) = ("role", 7, 8);
        var before = await Table.ReadAllAsync();

        Assert.True(await Table.InsertRowAsync(entry, before.Version.Next()));

        var data = await Table.ReadRowAsync(entry.SiloAddress);
        var (read, etag) = Assert.Single(data.Members);
        Assert.Equal(entry.ToFullString(), read.ToFullString());
        Assert.Equal(entry.SuspectTimes, read.SuspectTimes);
        Assert.Equal((entry.StartTime, entry.IAmAliveTime), (read.StartTime, read.IAmAliveTime));
        Assert.Equal(DateTimeKind.Utc, read.StartTime.Kind);
        Assert.NotNull(etag);
        Assert.Equal(1, data.Version.Version);
        Assert.NotEqual(before.Version.VersionEtag, data.Version.VersionEtag);
    }

    [Fact]
    public async Task A_row_that_exists_or_an_old_version_is_not_inserted()
    {
        var (entry, version) = (Entry(), (await Table.ReadAllAsync()).Version.Next());
        Assert.True(await Table.InsertRowAsync(entry, version));

        Assert.False(await Table.InsertRowAsync(entry, version), "the same row under the old version");
        Assert.False(await Table.InsertRowAsync(Entry(), version), "another row under the old version");
        Assert.False(await Table.InsertRowAsync(entry, (await Table.ReadAllAsync()).Version.Next()), "the same row under the new version");

        var data = await Table.ReadAllAsync();
        Assert.Single(data.Members);
        Assert.Equal(1, data.Version.Version);
    }

    [Fact]
    public async Task A_row_is_updated_only_with_its_etag_and_the_newest_version()
    {
        var entry = await InsertAsync(Entry());
        var (first, version) = (await EtagAsync(entry), (await Table.ReadAllAsync()).Version);
        entry.Status = SiloStatus.Active;

        Assert.False(await Table.UpdateRowAsync(entry, first, new TableVersion(version.Version + 1, "another")), "an old version");
        Assert.False(await Table.UpdateRowAsync(entry, "another", version.Next()), "another etag");
        Assert.False(await Table.UpdateRowAsync(Entry(), first, version.Next()), "an unknown row");
        Assert.Equal(first, await EtagAsync(entry));

        Assert.True(await Table.UpdateRowAsync(entry, first, version.Next()));
        Assert.False(await Table.UpdateRowAsync(entry, first, version.Next()), "a repeat");

        var data = await Table.ReadAllAsync();
        var (read, etag) = Assert.Single(data.Members);
        Assert.Equal(SiloStatus.Active, read.Status);
        Assert.NotEqual(first, etag);
        Assert.Equal(2, data.Version.Version);
    }

    [Fact]
    public async Task An_etag_of_a_deleted_table_never_fits_again()
    {
        var entry = await InsertAsync(Entry());
        var etag = await EtagAsync(entry);

        await Table.DeleteMembershipTableEntriesAsync("test");
        await InsertAsync(entry);

        Assert.False(await Table.UpdateRowAsync(entry, etag, (await Table.ReadAllAsync()).Version.Next()));
    }

    [Fact]
    public async Task Of_processes_that_insert_and_update_at_the_same_time_one_wins_each_step()
    {
        await using var other = await ClusterTables.OpenAsync(_folder.Path);
        IMembershipTable[] tables = [Table, other.Members];
        var (entry, version) = (Entry(), (await Table.ReadAllAsync()).Version.Next());

        var inserted = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => tables[i % 2].InsertRowAsync(entry, version)));
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => UpdateUntilDoneAsync(tables[i % 2], entry.SiloAddress)));

        Assert.Single(inserted, won => won);
        var data = await Table.ReadAllAsync();
        Assert.Single(data.Members);
        Assert.Equal(21, data.Version.Version);
    }

    [Fact]
    public async Task A_sign_of_life_changes_neither_version_nor_anything_else()
    {
        var entry = await InsertAsync(Entry());

        await Table.UpdateIAmAliveAsync(new MembershipEntry { SiloAddress = entry.SiloAddress, IAmAliveTime = Now.AddMinutes(5) });
        await Table.UpdateIAmAliveAsync(new MembershipEntry { SiloAddress = Silo(), IAmAliveTime = Now.AddMinutes(5) });

        var data = await Table.ReadAllAsync();
        entry.IAmAliveTime = Now.AddMinutes(5);
        Assert.Equal(entry.ToFullString(), Assert.Single(data.Members).Item1.ToFullString());
        Assert.Equal(1, data.Version.Version);
    }

    [Fact]
    public async Task Old_rows_are_cleaned_up_but_for_active_silos_and_those_voted_on_since()
    {
        var fresh = await InsertAsync(Entry());
        foreach (var status in Enum.GetValues<SiloStatus>())
        {
            await InsertAsync(OldEntry(status));
        }

        var votedOn = OldEntry(SiloStatus.Dead);
        votedOn.SuspectTimes = [Tuple.Create(Silo(), Now)];
        await InsertAsync(votedOn);

        await Table.CleanupDefunctSiloEntriesAsync(Now.AddDays(-3));

        var left = (await Table.ReadAllAsync()).Members.Select(member => member.Item1).ToList();
        Assert.Equal(3, left.Count);
        Assert.Contains(left, entry => entry.SiloAddress.Equals(fresh.SiloAddress));
        Assert.Contains(left, entry => entry.SiloAddress.Equals(votedOn.SiloAddress));
        Assert.Contains(left, entry => entry.Status == SiloStatus.Active);
    }

    [Fact]
    public async Task Clusters_in_one_folder_do_not_see_each_other()
    {
        await using var other = await ClusterTables.OpenAsync(_folder.Path, "other");
        await InsertAsync(Entry());

        Assert.Empty((await other.Members.ReadAllAsync()).Members);
        Assert.Equal(0, (await other.Members.ReadAllAsync()).Version.Version);
        await other.Members.DeleteMembershipTableEntriesAsync("other");
        Assert.Single((await Table.ReadAllAsync()).Members);
    }

    [Fact]
    public async Task Gateways_are_the_active_silos_that_have_a_gateway_port()
    {
        var (active, closed, joining) = (Entry(), Entry(), Entry());
        (active.Status, closed.Status) = (SiloStatus.Active, SiloStatus.Active);
        closed.ProxyPort = 0;
        foreach (var entry in new[] { active, closed, joining })
        {
            await InsertAsync(entry);
        }

        var gateway = SiloAddress.New(active.SiloAddress.Endpoint.Address, active.ProxyPort, active.SiloAddress.Generation);
        Assert.Equal([gateway.ToGatewayUri()], await _tables.Gateways.GetGatewaysAsync(default));
    }

    [Fact]
    public async Task Before_the_first_silo_has_started_there_are_no_gateways_and_no_files()
    {
        var folder = Path.Combine(_folder.Path, "none yet");
        await using var tables = new ClusterTables(folder);
        await tables.Gateways.InitializeGatewayListProviderAsync(default);

        Assert.Empty(await tables.Gateways.GetGatewaysAsync(default));
        Assert.False(Directory.Exists(folder));

        await tables.Members.InitializeMembershipTableAsync(true);
        Assert.Empty(await tables.Gateways.GetGatewaysAsync(default));
    }

    private async Task<MembershipEntry> InsertAsync(MembershipEntry entry)
    {
        Assert.True(await Table.InsertRowAsync(entry, (await Table.ReadAllAsync()).Version.Next()));
        return entry;
    }

    private async Task<string> EtagAsync(MembershipEntry entry) => Assert.Single((await Table.ReadRowAsync(entry.SiloAddress)).Members).Item2;

    private static async Task UpdateUntilDoneAsync(IMembershipTable table, SiloAddress silo)
    {
        var done = false;
        while (!done)
        {
            var data = await table.ReadAllAsync();
            var (entry, etag) = data.TryGet(silo)!;
            done = await table.UpdateRowAsync(entry, etag, data.Version.Next());
        }
    }

    private MembershipEntry OldEntry(SiloStatus status)
    {
        var entry = Entry();
        (entry.Status, entry.StartTime, entry.IAmAliveTime) = (status, Now.AddDays(-10), Now.AddDays(-10));
        return entry;
    }

    private MembershipEntry Entry() => new()
    {
        SiloAddress = Silo(),
        HostName = "host",
        SiloName = "silo 👩‍👩‍👧",
        Status = SiloStatus.Joining,
        ProxyPort = 30_000,
        StartTime = Now,
        IAmAliveTime = Now,
    };

    private SiloAddress Silo() => SiloAddress.New(IPAddress.Loopback, 12_345, Interlocked.Increment(ref _generation));
}
