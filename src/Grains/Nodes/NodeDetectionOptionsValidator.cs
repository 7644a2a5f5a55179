using Microsoft.Extensions.Options;

namespace FaultTolerance.Grains.Nodes;

/// <summary>Checks <see cref="NodeDetectionOptions"/> against the bounds on its properties.</summary>
[OptionsValidator]
internal sealed partial class NodeDetectionOptionsValidator : IValidateOptions<NodeDetectionOptions>;
