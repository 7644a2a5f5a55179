using SQLitePCL;

namespace FaultTolerance.Silo.Tests;

/// <summary>Another program, which uses a database by SQLite itself.</summary>
internal sealed class Stranger : IDisposable
{
    private readonly sqlite3 _database;

    static Stranger() => Batteries_V2.Init();

    public Stranger(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        Check(raw.sqlite3_open(path, out _database));
    }

    public void Execute(string sql) => Check(raw.sqlite3_exec(_database, sql));

    public void Dispose() => _database.Dispose();

    private void Check(int code) => Assert.True(code == raw.SQLITE_OK, $"SQLite says {code}: {raw.sqlite3_errmsg(_database).utf8_to_string()}");
}
