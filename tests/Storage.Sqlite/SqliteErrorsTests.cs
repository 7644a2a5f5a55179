using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.Sqlite.Databases;
using SQLitePCL;

namespace FaultTolerance.Storage.Sqlite.Tests;

public sealed class SqliteErrorsTests
{
    public static TheoryData<int, StoreFault> Codes => new()
    {
        { raw.SQLITE_FULL, StoreFault.Unreachable },
        { raw.SQLITE_BUSY, StoreFault.Unreachable },
        { raw.SQLITE_LOCKED, StoreFault.Unreachable },
        { raw.SQLITE_IOERR, StoreFault.Unreachable },
        { raw.SQLITE_IOERR | (4 << 8), StoreFault.Unreachable }, // SQLITE_IOERR_FSYNC
        { raw.SQLITE_CANTOPEN, StoreFault.Unreachable },
        { raw.SQLITE_NOMEM, StoreFault.Unreachable },
        { raw.SQLITE_CORRUPT, StoreFault.Unusable },
        { raw.SQLITE_NOTADB, StoreFault.Unusable },
        { raw.SQLITE_READONLY, StoreFault.Unusable },
        { raw.SQLITE_READONLY | (4 << 8), StoreFault.Unusable }, // SQLITE_READONLY_DBMOVED
        { raw.SQLITE_ERROR, StoreFault.Unusable },
        { raw.SQLITE_CONSTRAINT, StoreFault.Data },
        { raw.SQLITE_CONSTRAINT | (12 << 8), StoreFault.Data }, // SQLITE_CONSTRAINT_DATATYPE
        { raw.SQLITE_TOOBIG, StoreFault.Data },
        { raw.SQLITE_MISMATCH, StoreFault.Data },
    };

    [Theory]
    [MemberData(nameof(Codes))]
    public void Each_result_code_is_one_kind_of_failure(int code, StoreFault fault)
    {
        var exception = SqliteErrors.ToException("/data/store.db", code, "words of SQLite");

        Assert.Equal(fault, exception.Fault);
        Assert.Equal(fault == StoreFault.Unreachable, exception.IsRetryable);
        Assert.False(exception.IsOutcomeUnknown);
        Assert.Contains("'/data/store.db': words of SQLite", exception.Message);
    }
}
