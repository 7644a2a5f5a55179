using Microsoft.Extensions.Options;

namespace FaultTolerance.Storage.Sqlite;

[OptionsValidator]
internal sealed partial class SqliteStoreOptionsValidator : IValidateOptions<SqliteStoreOptions>;
