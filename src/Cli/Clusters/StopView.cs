namespace FaultTolerance.Cli.Clusters;

/// <summary>What <c>ft cluster stop</c> has done. The fields of its JSON are a contract.</summary>
internal sealed record StopView
{
    public required string Folder { get; init; }

    public bool WasRunning { get; init; }

    /// <summary>Gets a value indicating whether the silos left by themselves; false where none ran, or some had to be killed.</summary>
    public bool InOrder { get; init; }

    /// <summary>Gets how many silos were ended that a supervisor which was killed had left.</summary>
    public int Leftovers { get; init; }
}
