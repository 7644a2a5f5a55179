namespace FaultTolerance.Storage.Telemetry;

/// <summary>The ids of the store's log events: a block of their own, so that they differ from those of the grains.</summary>
internal static class StoreEventIds
{
    // Commits: 1000
    public const int BatchRepeated = 1000;
    public const int WritesRefused = 1001;
    public const int WritesTimedOut = 1002;
    public const int EngineDefect = 1003;
    public const int OperationRepeated = 1004;

    // Life of the store: 1020
    public const int StoreOpened = 1020;
    public const int ClockNotRead = 1021;
    public const int StoreClosed = 1022;
}
