using Microsoft.Extensions.Options;

namespace FaultTolerance.Grains.Orders;

/// <summary>Checks <see cref="QuarantineOptions"/> against the bounds on its properties.</summary>
[OptionsValidator]
internal sealed partial class QuarantineOptionsValidator : IValidateOptions<QuarantineOptions>;
