using System.Globalization;
using System.Net;
using FaultTolerance.Storage.Sqlite.Databases;

namespace FaultTolerance.Storage.Sqlite.Clustering;

/// <summary>A silo's row of the membership table, between Orleans' form and the database's.</summary>
internal sealed class MemberRow
{
    private const string Key = "cluster = ?1 AND address = ?2 AND port = ?3 AND generation = ?4";
    private const string Columns =
        "address, port, generation, etag, status, proxy_port, host, name, role, update_zone, fault_zone, started, alive, suspects";

    private readonly byte[] _cluster;
    private readonly byte[] _address;
    private readonly SiloAddress _silo;

    public MemberRow(byte[] cluster, SiloAddress silo)
    {
        (_cluster, _silo) = (cluster, silo);
        _address = StoreText.Encode(silo.Endpoint.Address.ToString(), "The silo's address");
    }

    /// <summary>Returns all rows of a cluster, each with its etag.</summary>
    public static List<Tuple<MembershipEntry, string>> ReadAll(Connection connection, byte[] cluster) =>
        connection.Prepare($"SELECT {Columns} FROM members WHERE cluster = ?1").BindText(cluster).ReadAll(ReadEntry);

    /// <summary>Returns the silo's row with its etag; null when there is none.</summary>
    public Tuple<MembershipEntry, string>? Read(Connection connection) =>
        BindKey(connection, $"SELECT {Columns} FROM members WHERE {Key}").ReadFirst(ReadEntry);

    /// <summary>Writes the row, whether or not there was one.</summary>
    public void Write(Connection connection, MembershipEntry entry, long etag) => BindKey(
        connection,
        """
        INSERT OR REPLACE INTO members (
            cluster, address, port, generation,
            etag, status, proxy_port, host, name, role, update_zone, fault_zone, started, alive, voted, suspects)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)
        """)
        .Bind(etag).Bind((long)entry.Status).Bind(entry.ProxyPort)
        .BindText(Text(entry.HostName)).BindText(Text(entry.SiloName)).BindText(Text(entry.RoleName))
        .Bind(entry.UpdateZone).Bind(entry.FaultZone)
        .Bind(ClusterDatabase.ToTicks(entry.StartTime)).Bind(ClusterDatabase.ToTicks(entry.IAmAliveTime))
        .Bind(entry.SuspectTimes is { Count: > 0 } votes ? votes.Max(vote => ClusterDatabase.ToTicks(vote.Item2)) : 0)
        .BindText(Text(WriteSuspects(entry.SuspectTimes)))
        .Run();

    /// <summary>Sets the time at which the silo last said that it is alive, and nothing else.</summary>
    public int WriteAlive(Connection connection, long ticks) =>
        BindKey(connection, $"UPDATE members SET alive = ?5 WHERE {Key}").Bind(ticks).Run();

    /// <summary>Deletes rows of silos that are not active and of which nothing was heard since a time: no sign of life, and no vote.</summary>
    public static int DeleteDefunct(Connection connection, byte[] cluster, long before) => connection.Prepare(
        "DELETE FROM members WHERE cluster = ?1 AND status <> ?2 AND max(started, alive, voted) < ?3")
        .BindText(cluster).Bind((long)SiloStatus.Active).Bind(before).Run();

    private Statement BindKey(Connection connection, string sql) =>
        connection.Prepare(sql).BindText(_cluster).BindText(_address).Bind(_silo.Endpoint.Port).Bind(_silo.Generation);

    private static Tuple<MembershipEntry, string> ReadEntry(Statement row) => Tuple.Create(
        new MembershipEntry
        {
            SiloAddress = SiloAddress.New(IPAddress.Parse(row.Text(0)), (int)row.Long(1), (int)row.Long(2)),
            Status = (SiloStatus)row.Long(4),
            ProxyPort = (int)row.Long(5),
            HostName = row.TextOrNull(6)!,
            SiloName = row.TextOrNull(7)!,
            RoleName = row.TextOrNull(8),
            UpdateZone = (int)row.Long(9),
            FaultZone = (int)row.Long(10),
            StartTime = ClusterDatabase.ToTime(row.Long(11)),
            IAmAliveTime = ClusterDatabase.ToTime(row.Long(12)),
            SuspectTimes = ReadSuspects(row.Text(13)),
        },
        ClusterDatabase.ToText(row.Long(3)));

    private static byte[]? Text(string? text) => text is null ? null : StoreText.Encode(text, "A silo's name");

    private static string WriteSuspects(List<Tuple<SiloAddress, DateTime>>? votes) => string.Join(
        '|',
        (votes ?? []).Select(vote => string.Create(
            CultureInfo.InvariantCulture, $"{vote.Item1.ToParsableString()};{ClusterDatabase.ToTicks(vote.Item2)}")));

    private static List<Tuple<SiloAddress, DateTime>>? ReadSuspects(string text) => text.Length == 0 ? null : [.. text.Split('|')
        .Select(vote => vote.Split(';'))
        .Select(parts => Tuple.Create(
            SiloAddress.FromParsableString(parts[0]),
            ClusterDatabase.ToTime(long.Parse(parts[1], CultureInfo.InvariantCulture))))];
}
