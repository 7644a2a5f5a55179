using System.ComponentModel.DataAnnotations;

namespace FaultTolerance.Grains.Nodes;

/// <summary>What a node says of itself when it joins.</summary>
public sealed class NodeOptions : IValidatableObject
{
    /// <summary>The most labels that a node may have.</summary>
    public const int MaxLabels = 32;

    /// <summary>How long a label's name and its value may be, each.</summary>
    public const int MaxLabelLength = 100;

    /// <summary>Gets or sets the node's labels, by name: a zone, a machine type. They are shown with the node.</summary>
    /// <value>There are none by default; at most 32, each with a name and a value of at most 100 characters.</value>
    public IDictionary<string, string> Labels { get; set; } = new Dictionary<string, string>();

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Labels.Count > MaxLabels)
        {
            yield return new($"The node has {Labels.Count} labels; at most {MaxLabels} are kept.", [nameof(Labels)]);
        }

        foreach (var (name, value) in Labels.Where(label => label.Key.Length > MaxLabelLength || label.Value?.Length > MaxLabelLength))
        {
            yield return new($"The label '{name[..Math.Min(name.Length, 30)]}' has {name.Length} + {value.Length} characters; name and value may have {MaxLabelLength} each.", [nameof(Labels)]);
        }
    }
}
