using Microsoft.Extensions.Options;

namespace FaultTolerance.Grains.Recovery;

/// <summary>Checks <see cref="RecoveryOptions"/> against the bounds on its properties.</summary>
[OptionsValidator]
internal sealed partial class RecoveryOptionsValidator : IValidateOptions<RecoveryOptions>;
