using Microsoft.Extensions.Options;

namespace FaultTolerance.Grains.Actors;

/// <summary>Checks <see cref="ActorDetectionOptions"/> against the bounds on its properties.</summary>
[OptionsValidator]
internal sealed partial class ActorDetectionOptionsValidator : IValidateOptions<ActorDetectionOptions>;
