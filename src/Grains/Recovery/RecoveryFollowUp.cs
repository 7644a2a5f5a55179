namespace FaultTolerance.Grains.Recovery;

/// <summary>What becomes of a recovery that takes longer than it may.</summary>
public enum RecoveryFollowUp
{
    /// <summary>It is told of, and goes on.</summary>
    KeepTrying = 0,

    /// <summary>It is told of, and the attempts that are left to it end as failed, with kind <see cref="FailureKind.RecoveryTimeout"/>. No retry is left to them.</summary>
    FailRemaining = 1,
}
