using Npgsql;

namespace FaultTolerance.Bench.Reference;

/// <summary>The tables and texts that Orleans' ADO.NET grain storage needs.</summary>
/// <remarks>
/// Keys, parameters and columns are the provider's protocol. A write is one statement over a unique index here, less than the script of
/// Orleans asks of the server.
/// </remarks>
internal static class GrainTables
{
    private const string Create =
        """
        create table orleansquery (querykey text primary key, querytext text not null);

        create table grain (
            grainidhash integer not null,
            grainidn0 bigint not null,
            grainidn1 bigint not null,
            graintypehash integer not null,
            graintypestring text not null,
            grainidextensionstring text not null,
            serviceid text not null,
            payloadbinary bytea,
            version integer not null,
            primary key (grainidn0, grainidn1, graintypehash, graintypestring, grainidextensionstring, serviceid)
        );

        insert into orleansquery values
        ('WriteToStorageKey', $query$
            insert into grain values (
                @GrainIdHash, @GrainIdN0, @GrainIdN1, @GrainTypeHash, @GrainTypeString, coalesce(@GrainIdExtensionString, ''), @ServiceId,
                @PayloadBinary, 1)
            on conflict (grainidn0, grainidn1, graintypehash, graintypestring, grainidextensionstring, serviceid)
            do update set payloadbinary = excluded.payloadbinary, version = grain.version + 1
            where grain.version = @GrainStateVersion
            returning version as NewGrainStateVersion
        $query$),
        ('ReadFromStorageKey', $query$
            select payloadbinary as PayloadBinary, now() at time zone 'utc', version as Version from grain
            where grainidn0 = @GrainIdN0 and grainidn1 = @GrainIdN1 and graintypehash = @GrainTypeHash and graintypestring = @GrainTypeString
                and grainidextensionstring = coalesce(@GrainIdExtensionString, '') and serviceid = @ServiceId and @GrainIdHash is not null
        $query$),
        ('ClearStorageKey', $query$
            update grain set payloadbinary = null, version = version + 1
            where grainidn0 = @GrainIdN0 and grainidn1 = @GrainIdN1 and graintypehash = @GrainTypeHash and graintypestring = @GrainTypeString
                and grainidextensionstring = coalesce(@GrainIdExtensionString, '') and serviceid = @ServiceId and @GrainIdHash is not null
                and version = @GrainStateVersion
            returning version as NewGrainStateVersion
        $query$);
        """;

    /// <summary>Makes the tables.</summary>
    public static async Task CreateAsync(string connection)
    {
        await using var source = NpgsqlDataSource.Create(connection);
        await using var command = source.CreateCommand(Create);
        await command.ExecuteNonQueryAsync();
    }
}
