namespace FaultTolerance.Cli;

/// <summary>What the exit codes of <c>ft</c> mean.</summary>
internal static class ExitCodes
{
    /// <summary>All went right.</summary>
    public const int Right = 0;

    /// <summary>The work was done, and its result is wrong: something was lost, done twice, failed, or is not what the check computed.</summary>
    public const int Wrong = 1;

    /// <summary>The command line, or something that the command needs, is not as it must be.</summary>
    public const int Usage = 2;

    /// <summary>The run proved nothing: a silo was to be killed in the midst of its work, and no attempt was hit.</summary>
    public const int ProvedNothing = 3;

    /// <summary>The input changed while the command was reading it, so there is nothing to compare with.</summary>
    public const int InputChanged = 4;

    /// <summary>The command was interrupted.</summary>
    public const int Interrupted = 130;
}
