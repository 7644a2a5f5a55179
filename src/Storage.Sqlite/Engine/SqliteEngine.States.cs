using FaultTolerance.Storage.GrainState;
using FaultTolerance.Storage.Sqlite.Databases;

namespace FaultTolerance.Storage.Sqlite.Engine;

/// <content>States of grains.</content>
internal sealed partial class SqliteEngine
{
    /// <inheritdoc/>
    public async Task<GrainStateRow?> ReadStateAsync(string key, CancellationToken cancellationToken)
    {
        var bytes = EncodeStateKey(key);
        return await _database.ReadAsync(
            connection => connection.Prepare(StateSql.Read)
                .BindText(bytes).ReadFirst(row => new GrainStateRow(row.Long(0), row.BytesOrNull(1))),
            cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<bool>> CommitStatesAsync(IReadOnlyList<GrainStateWrite> writes, CancellationToken cancellationToken)
    {
        var keys = writes.Select(write => EncodeStateKey(write.Key)).ToArray();
        return await _database.WriteAsync(
            connection => writes.Select((write, index) => WriteState(connection, keys[index], write)).ToArray(),
            cancellationToken);
    }

    private static bool WriteState(Connection connection, byte[] key, GrainStateWrite write)
    {
        var written = write.IfToken is { } token
            ? connection.Prepare(StateSql.Update)
                .BindText(key).Bind(write.Token).Bind(write.State).Bind(token).Run()
            : connection.Prepare(StateSql.Insert)
                .BindText(key).Bind(write.Token).Bind(write.State).Run();
        return written == 1;
    }

    private static byte[] EncodeStateKey(string key) => StoreText.Encode(key, "The key of a grain's state", StoreLimits.StateKey);
}
