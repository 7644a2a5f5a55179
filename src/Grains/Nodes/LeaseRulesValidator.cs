using Microsoft.Extensions.Options;

namespace FaultTolerance.Grains.Nodes;

/// <summary>Checks what one property of <see cref="NodeDetectionOptions"/> demands of another.</summary>
internal sealed class LeaseRulesValidator : IValidateOptions<NodeDetectionOptions>
{
    /// <summary>How many renewals a lease must have room for: one may be lost and one be slow before a node stops.</summary>
    public const int RenewalsPerLease = 3;

    public ValidateOptionsResult Validate(string? name, NodeDetectionOptions options)
    {
        var errors = new List<string>();
        if (options.LeaseLength < RenewalsPerLease * options.HeartbeatInterval)
        {
            errors.Add(
                $"{nameof(options.LeaseLength)} is {options.LeaseLength}; it must be at least {RenewalsPerLease} times {nameof(options.HeartbeatInterval)} " +
                $"({options.HeartbeatInterval}), or one lost renewal would stop a healthy node.");
        }

        if (options.PacemakerInterval > options.LeaseLength)
        {
            errors.Add(
                $"{nameof(options.PacemakerInterval)} is {options.PacemakerInterval}; it must not be longer than {nameof(options.LeaseLength)} ({options.LeaseLength}).");
        }

        if (options.Policy == DetectionPolicy.Fixed && options.LeaseLength < options.FixedThreshold + options.HeartbeatInterval)
        {
            errors.Add(
                $"{nameof(options.LeaseLength)} is {options.LeaseLength}; under the fixed policy it must be at least {nameof(options.FixedThreshold)} ({options.FixedThreshold}) " +
                $"and one {nameof(options.HeartbeatInterval)} ({options.HeartbeatInterval}), or a silent node would be dead before it is suspected.");
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
