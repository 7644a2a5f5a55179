using Microsoft.Extensions.Options;

namespace FaultTolerance.Grains.Recovery;

/// <summary>Checks what one property of <see cref="RecoveryOptions"/> demands of another.</summary>
internal sealed class RecoveryRulesValidator : IValidateOptions<RecoveryOptions>
{
    /// <summary>How many times a recovery's time its incident must be kept: once until it is flagged, and once for what follows and for whoever reads of it.</summary>
    public const int TimeoutsPerRetention = 2;

    public ValidateOptionsResult Validate(string? name, RecoveryOptions options)
    {
        return options.HistoryRetention / TimeoutsPerRetention >= options.RecoveryTimeout
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                $"{nameof(options.HistoryRetention)} is {options.HistoryRetention}; it must be at least {TimeoutsPerRetention} times {nameof(options.RecoveryTimeout)} " +
                $"({options.RecoveryTimeout}), or the incident of a recovery that is overdue could be gone before anybody is told of it. " +
                $"Set FaultTolerance:Recovery:{nameof(options.HistoryRetention)} to {TimeoutsPerRetention} times that or more, or {nameof(options.RecoveryTimeout)} to less.");
    }
}
