using Microsoft.Extensions.Options;

namespace FaultTolerance.Storage.PostgreSql;

/// <summary>Checks all of the options at once.</summary>
[OptionsValidator]
internal sealed partial class PostgresStoreOptionsValidator : IValidateOptions<PostgresStoreOptions>;
