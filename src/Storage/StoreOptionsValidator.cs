using Microsoft.Extensions.Options;

namespace FaultTolerance.Storage;

/// <summary>Checks every option at once.</summary>
[OptionsValidator]
internal sealed partial class StoreOptionsValidator : IValidateOptions<StoreOptions>;
