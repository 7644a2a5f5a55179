namespace FaultTolerance.Cli.Queries;

/// <summary>What <c>ft tasks cancel</c> has done. The fields of its JSON are a contract.</summary>
internal sealed record CancelView(IReadOnlyList<CancelItem> Tasks)
{
    /// <summary>Gets the exit code that says the same.</summary>
    public int ExitCode() => Tasks switch
    {
        _ when Tasks.Any(task => task.Result == CancelResult.NotFound) => ExitCodes.NotFound,
        _ when Tasks.Any(task => task.Result == CancelResult.AlreadyEnded) => ExitCodes.Wrong,
        _ => ExitCodes.Right,
    };
}
