using Microsoft.Extensions.Options;

namespace FaultTolerance;

/// <summary>Checks the bounds of each option.</summary>
[OptionsValidator]
internal sealed partial class FaultToleranceClientOptionsValidator : IValidateOptions<FaultToleranceClientOptions>;
