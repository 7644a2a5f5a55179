using Microsoft.Extensions.Options;

namespace FaultTolerance.Silo;

/// <summary>Checks the bounds on the properties of <see cref="SiloSettings"/>.</summary>
[OptionsValidator]
internal sealed partial class SiloSettingsValidator : IValidateOptions<SiloSettings>;
