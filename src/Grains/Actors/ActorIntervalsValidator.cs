using Microsoft.Extensions.Options;

namespace FaultTolerance.Grains.Actors;

/// <summary>Checks what one property of <see cref="ActorDetectionOptions"/> demands of another.</summary>
internal sealed class ActorIntervalsValidator : IValidateOptions<ActorDetectionOptions>
{
    public ValidateOptionsResult Validate(string? name, ActorDetectionOptions options) => options.HeartbeatInterval >= options.CheckInterval
        ? ValidateOptionsResult.Success
        : ValidateOptionsResult.Fail(
            $"{nameof(options.HeartbeatInterval)} is {options.HeartbeatInterval}; it must not be shorter than {nameof(options.CheckInterval)} " +
            $"({options.CheckInterval}), or a look that is a little late would be held against actors.");
}
