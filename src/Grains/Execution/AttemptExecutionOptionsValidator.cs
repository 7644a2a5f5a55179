using Microsoft.Extensions.Options;

namespace FaultTolerance.Grains.Execution;

/// <summary>Checks <see cref="AttemptExecutionOptions"/> against the bounds on its properties.</summary>
[OptionsValidator]
internal sealed partial class AttemptExecutionOptionsValidator : IValidateOptions<AttemptExecutionOptions>;
