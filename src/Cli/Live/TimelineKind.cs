namespace FaultTolerance.Cli.Live;

/// <summary>What kind of thing happened in a run.</summary>
internal enum TimelineKind
{
    /// <summary>A step of the run.</summary>
    Step,

    /// <summary>A fault that the demo caused.</summary>
    Fault,

    /// <summary>The cluster noticed something.</summary>
    Detected,

    /// <summary>The cluster mended something.</summary>
    Recovered,
}
