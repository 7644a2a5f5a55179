using Microsoft.Extensions.Options;

namespace FaultTolerance;

/// <summary>Checks how options stand to each other.</summary>
internal sealed class FaultToleranceClientOptionsRelations : IValidateOptions<FaultToleranceClientOptions>
{
    public ValidateOptionsResult Validate(string? name, FaultToleranceClientOptions options)
    {
        string[] wrong = [.. new[]
        {
            (Holds: options.SubmitTimeout >= options.CallTimeout, Sentence: "SubmitTimeout must be no less than CallTimeout."),
            (Holds: options.ListenPeriod >= 2 * options.ListenInterval, Sentence: "ListenPeriod must be twice ListenInterval at least."),
            (Holds: options.MaxSilence >= options.Silence, Sentence: "MaxSilence must be no less than Silence."),
        }.Where(rule => !rule.Holds).Select(rule => rule.Sentence)];

        return wrong.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }
}
