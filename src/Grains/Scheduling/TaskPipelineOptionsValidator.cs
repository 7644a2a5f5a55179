using Microsoft.Extensions.Options;

namespace FaultTolerance.Grains.Scheduling;

/// <summary>Checks <see cref="TaskPipelineOptions"/> against the bounds on its properties.</summary>
[OptionsValidator]
internal sealed partial class TaskPipelineOptionsValidator : IValidateOptions<TaskPipelineOptions>;
