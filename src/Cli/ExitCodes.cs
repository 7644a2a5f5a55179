namespace FaultTolerance.Cli;

/// <summary>What the exit codes of <c>ft</c> mean.</summary>
internal static class ExitCodes
{
    /// <summary>All went right.</summary>
    public const int Right = 0;

    /// <summary>The command was carried out, and its result is not the one hoped for: something was lost or done twice, a node is down or was not found dead, a task had ended before it was cancelled.</summary>
    public const int Wrong = 1;

    /// <summary>The command line, or something that the command needs, is not as it must be.</summary>
    public const int Usage = 2;

    /// <summary>The run proved nothing: a silo was to be killed in the midst of its work, and no attempt was hit.</summary>
    public const int ProvedNothing = 3;

    /// <summary>The input changed while the command was reading it, so there is nothing to compare with.</summary>
    public const int InputChanged = 4;

    /// <summary>Something that was named, for instance a task, is not known to the cluster.</summary>
    public const int NotFound = 5;

    /// <summary>No cluster runs where it was looked for, or it did not answer in time.</summary>
    public const int Unreachable = 6;

    /// <summary>The command was interrupted.</summary>
    public const int Interrupted = 130;
}
