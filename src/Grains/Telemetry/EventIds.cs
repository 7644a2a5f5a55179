namespace FaultTolerance.Grains.Telemetry;

/// <summary>The ids of log events, in blocks of a hundred for each concept.</summary>
internal static class EventIds
{
    // Scheduling: 100
    public const int OperationRepeated = 100;
    public const int RaceLost = 101;
    public const int PipelineStopped = 102;
    public const int HintFailed = 103;
    public const int OutcomesNotTold = 104;
    public const int ChildrenNotCancelled = 105;

    // Execution: 200
    public const int AttemptStopped = 200;
    public const int AttemptGivenUp = 201;
    public const int AttemptEndedAtLast = 202;
    public const int AttemptNotVoided = 203;
    public const int HandlerNotDisposed = 204;
    public const int AttemptOverdue = 205;
    public const int ProgressRefused = 206;

    // Tasks: 300
    public const int TaskCancelled = 300;

    // Nodes: 400
    public const int NodeJoined = 400;
    public const int LeaseLost = 401;
    public const int LeaseRenewalFailed = 402;
    public const int DrainStarted = 403;
    public const int NodeLeft = 404;
    public const int FatalError = 405;
    public const int HeartbeatFailed = 406;
    public const int LeaseRegained = 407;
    public const int NodeFenced = 408;
    public const int DrainUnfinished = 409;
    public const int LeavingFailed = 410;
    public const int ProcessEnding = 411;
    public const int NotFenced = 412;
    public const int OutageShared = 413;
    public const int OutageNotShared = 414;
    public const int OutageOver = 415;
    public const int PeerNotAsked = 416;
    public const int NodeQuarantined = 417;
    public const int NodeReleased = 418;
    public const int OrderGiven = 419;
    public const int OrderNotTold = 420;
    public const int OrdersNotRead = 421;

    // Failure detection: 500
    public const int NodeSuspected = 500;
    public const int NodeAliveAgain = 501;
    public const int NodeDead = 502;
    public const int SiloEvicted = 503;
    public const int DetectionFailed = 504;
    public const int StaleSiloRemoved = 505;
    public const int NodeDidNotAnswer = 506;
    public const int MembershipNotFollowed = 507;
    public const int StaleSilosLeft = 508;
    public const int SiloNotEvicted = 509;
    public const int NodeUnreadable = 510;
    public const int WitnessDidNotAnswer = 511;
    public const int SuspicionNotTold = 512;
    public const int NodeAccused = 513;
    public const int NodeNotAccused = 514;
    public const int IncidentNotAmended = 515;
    public const int NodeNotEnded = 516;
    public const int DeathNotRecorded = 517;
    public const int RefusalNotWitnessed = 518;
    public const int StaleSilosWaited = 519;
    public const int StaleSilosNotProved = 520;
    public const int StaleSilosNotLookedAt = 521;

    // Recovery: 600
    public const int RecoveryStarted = 600;
    public const int RecoveryCompleted = 601;
    public const int RecoveryFailed = 602;
    public const int OrphansRecovered = 603;
    public const int DependentsSwept = 604;
    public const int RowsPurged = 605;
    public const int LimitsEnforced = 606;
    public const int RecoveryNotReminded = 607;
    public const int RecoveryOverdue = 608;

    // History: 700
    public const int IncidentUnreadable = 700;
    public const int IncidentUnknown = 701;
    public const int FailureHandlerFailed = 702;
    public const int FailureHandlerGivenUp = 703;
    public const int FollowUpNotRecorded = 704;
    public const int IncidentNotRecorded = 705;
    public const int StorageOutageOver = 706;

    // Actors: 800
    public const int ActorHung = 800;
    public const int ActorAliveAgain = 801;
    public const int ActorsNotJudged = 802;
    public const int ActorsNotLookedAt = 803;
    public const int ActorIncidentNotWritten = 804;
    public const int ActorIncidentLeftOut = 805;
}
