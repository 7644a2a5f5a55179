using FaultTolerance.Grains.Scheduling;
using Microsoft.Extensions.Options;

namespace FaultTolerance.Grains.Gateways;

/// <summary>Checks the cluster's retry policy as a call's is checked.</summary>
internal sealed class ClusterRetryPolicyValidator : IValidateOptions<TaskPipelineOptions>
{
    public ValidateOptionsResult Validate(string? name, TaskPipelineOptions options)
    {
        var errors = options.Retry is null ? [] : SubmitOptionsCheck.Errors(options.Retry).ToList();
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
