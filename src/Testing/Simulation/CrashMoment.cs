namespace FaultTolerance.Testing.Simulation;

/// <summary>When, around a call to the store, a process dies.</summary>
internal enum CrashMoment
{
    /// <summary>The call never reaches the store.</summary>
    BeforeItIsSent,

    /// <summary>The call is on its way; it lands all the same.</summary>
    BeforeItLands,

    /// <summary>The call is done, and its answer finds nobody.</summary>
    BeforeItsAnswer,

    /// <summary>The answer has been received, and nothing was made of it yet.</summary>
    AfterItsAnswer,
}
