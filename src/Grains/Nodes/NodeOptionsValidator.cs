using Microsoft.Extensions.Options;

namespace FaultTolerance.Grains.Nodes;

/// <summary>Checks <see cref="NodeOptions"/>.</summary>
[OptionsValidator]
internal sealed partial class NodeOptionsValidator : IValidateOptions<NodeOptions>;
