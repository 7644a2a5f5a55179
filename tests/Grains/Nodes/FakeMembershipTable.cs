using System.Globalization;

namespace FaultTolerance.Grains.Tests.Nodes;

/// <summary>Orleans' table in memory, with its conditions on etags and version.</summary>
internal sealed class FakeMembershipTable : IMembershipTable
{
    private readonly Dictionary<SiloAddress, (SiloStatus Status, int Etag)> _rows = [];
    private int _version;

    /// <summary>How many updates lose against another writer.</summary>
    public int RacesToLose { get; set; }

    public int Changes { get; private set; }

    private TableVersion Version => new(_version, Text(_version));

    public void Add(SiloAddress silo, SiloStatus status) => _rows[silo] = (status, ++_version);

    public SiloStatus StatusOf(SiloAddress silo) => _rows[silo].Status;

    public Task InitializeMembershipTable(bool tryInitTableVersion) => Task.CompletedTask;

    public Task<MembershipTableData> ReadAll() => Task.FromResult(new MembershipTableData(
        [.. _rows.Select(row => Tuple.Create(new MembershipEntry { SiloAddress = row.Key, SiloName = "silo", HostName = "host", Status = row.Value.Status }, Text(row.Value.Etag)))],
        Version));

    public Task<bool> UpdateRow(MembershipEntry entry, string etag, TableVersion tableVersion)
    {
        if (RacesToLose > 0)
        {
            RacesToLose--;
            _version++;
        }

        if (tableVersion.VersionEtag != Text(_version) || Text(_rows[entry.SiloAddress].Etag) != etag)
        {
            return Task.FromResult(false);
        }

        Changes++;
        Add(entry.SiloAddress, entry.Status);
        return Task.FromResult(true);
    }

    public Task<MembershipTableData> ReadRow(SiloAddress key) => throw new NotSupportedException();

    public Task<bool> InsertRow(MembershipEntry entry, TableVersion tableVersion) => throw new NotSupportedException();

    public Task UpdateIAmAlive(MembershipEntry entry) => throw new NotSupportedException();

    public Task DeleteMembershipTableEntries(string clusterId) => throw new NotSupportedException();

    public Task CleanupDefunctSiloEntries(DateTimeOffset beforeDate) => throw new NotSupportedException();

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
