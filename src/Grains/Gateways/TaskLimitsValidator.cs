using Microsoft.Extensions.Options;

namespace FaultTolerance.Grains.Gateways;

/// <summary>Checks <see cref="TaskLimits"/> against the bounds on its properties.</summary>
[OptionsValidator]
internal sealed partial class TaskLimitsValidator : IValidateOptions<TaskLimits>;
