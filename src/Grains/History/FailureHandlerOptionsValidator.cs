using Microsoft.Extensions.Options;

namespace FaultTolerance.Grains.History;

/// <summary>Checks <see cref="FailureHandlerOptions"/> against the bounds on its properties.</summary>
[OptionsValidator]
internal sealed partial class FailureHandlerOptionsValidator : IValidateOptions<FailureHandlerOptions>;
