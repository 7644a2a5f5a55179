namespace FaultTolerance.Cli.Demo;

/// <summary>Whom the demo kills.</summary>
internal enum KillTarget
{
    /// <summary>Nobody.</summary>
    None,

    /// <summary>One silo.</summary>
    One,

    /// <summary>All silos at once.</summary>
    All,
}
