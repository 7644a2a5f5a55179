using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using FaultTolerance.Storage.Engines;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace FaultTolerance.Storage.PostgreSql;

/// <summary>Brings the tables to the version of this release, under one lock, in one transaction.</summary>
internal sealed class Migrator(PostgresStoreOptions options, SessionPool sessions, ILogger logger)
{
    private const int Nothing = -1;

    private readonly string _schema = ConnectionSettings.Quoted(options.Schema);

    /// <summary>Migrates where needed. Silos that start together wait for the first; the others find the work done.</summary>
    public Task MigrateAsync(CancellationToken cancellationToken) => sessions.ReadAsync(
        async connection =>
        {
            if (await ReadVersionAsync(connection) != Migration.CurrentVersion)
            {
                await MigrateUnderLockAsync(connection);
            }

            return true;
        },
        cancellationToken);

    private async Task MigrateUnderLockAsync(NpgsqlConnection connection)
    {
        await using var transaction = await connection.BeginTransactionAsync(CancellationToken.None);
        await ExecuteAsync(connection, $"select pg_advisory_xact_lock({LockKey(options.Schema)})");
        var version = await ReadVersionAsync(connection);
        if (version == Migration.CurrentVersion)
        {
            return;
        }

        await RefuseForeignAsync(connection, version);
        await EnsureSchemaAsync(connection, options.Schema);
        await EnsureSchemaAsync(connection, ConnectionSettings.OrleansSchema(options));
        foreach (var migration in Migration.All.Where(migration => migration.Version > version))
        {
            var schema = migration.IsOfOrleans ? ConnectionSettings.OrleansSchema(options) : options.Schema;
            await ExecuteAsync(connection, $"set local search_path to {ConnectionSettings.Quoted(schema)}");
            await ExecuteAsync(connection, migration.Sql);
        }

        await ExecuteAsync(
            connection,
            $"""
            create table if not exists {_schema}.schema_version (
                number integer primary key,
                migrated timestamptz not null default now());
            insert into {_schema}.schema_version (number) values ({Migration.CurrentVersion})
            """);
        await transaction.CommitAsync(CancellationToken.None);
        PostgresLog.Migrated(logger, options.Schema, version, Migration.CurrentVersion);
    }

    // The catalog is read as tables are. Functions such as to_regclass answer from a cache that is renewed when a transaction
    // starts: within the one that waited for the lock they would not see what the lock's last holder has made.
    private async Task<int> ReadVersionAsync(NpgsqlConnection connection)
    {
        var isThere = await ScalarAsync(
            connection,
            $"""
            select exists (
                select from pg_class join pg_namespace on pg_namespace.oid = relnamespace
                where nspname = '{options.Schema}' and relname = 'schema_version')
            """);
        return isThere is true && await ScalarAsync(connection, $"select max(number) from {_schema}.schema_version") is int version
            ? version
            : Nothing;
    }

    private async Task RefuseForeignAsync(NpgsqlConnection connection, int version)
    {
        if (version > Migration.CurrentVersion)
        {
            throw new StoreException(
                StoreFault.Unusable,
                $"The tables in schema '{options.Schema}' of PostgreSQL at {sessions.Place} have version {version}, made by a newer " +
                $"release; this one knows versions up to {Migration.CurrentVersion}. Run that release, or name another Schema.");
        }

        var foreign = version != Nothing ? null : await ScalarAsync(
            connection,
            $"""
            select string_agg(relname, ', ' order by relname)
            from pg_class join pg_namespace on pg_namespace.oid = relnamespace
            where nspname = '{options.Schema}' and relkind in ('r', 'p', 'v', 'm', 'f')
            """);
        if (foreign is string tables)
        {
            throw new StoreException(
                StoreFault.Unusable,
                $"Schema '{options.Schema}' of PostgreSQL at {sessions.Place} holds tables of something else ({tables}). " +
                "Name another Schema, or drop that one.");
        }
    }

    // Asked first, since "create schema if not exists" wants a right that who merely uses a schema need not have.
    private static async Task EnsureSchemaAsync(NpgsqlConnection connection, string schema)
    {
        if (await ScalarAsync(connection, $"select exists (select from pg_namespace where nspname = '{schema}')") is not true)
        {
            await ExecuteAsync(connection, $"create schema {ConnectionSettings.Quoted(schema)}");
        }
    }

    private static long LockKey(string schema) =>
        BinaryPrimitives.ReadInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes("FaultTolerance.Orleans/" + schema)));

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(CancellationToken.None);
    }
}
