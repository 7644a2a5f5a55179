namespace FaultTolerance.Testing.Checking;

/// <summary>Counts how often each task's outcome was committed, behind the back of the code that commits.</summary>
/// <remarks>
/// A trigger of the database appends a row to a table without any unique constraint whenever a task's row is written as final,
/// be it for the first time or again. For chaos and demo runs only: it costs every completion a further row.
/// Audits of different names count side by side in one store, each what has come since it was installed.
/// </remarks>
public interface IOutcomeAudit
{
    /// <summary>The name of an audit to which none is given: that of its table.</summary>
    const string DefaultName = "outcome_audit";

    /// <summary>Gets how a person takes it out of the store by hand: where, and with which statements.</summary>
    string Removal { get; }

    /// <summary>Installs the table and the trigger, where they are missing. To be called when the store has its tables and before silos start.</summary>
    Task InstallAsync(CancellationToken cancellationToken = default);

    /// <summary>Returns how many tasks have had more than one outcome committed since the trigger was installed.</summary>
    /// <exception cref="OutcomeAuditException">The audit is not in the store, so that nothing was counted.</exception>
    Task<long> CountDoubledAsync(CancellationToken cancellationToken = default);

    /// <summary>Takes the table, with all that it holds, and the trigger out of the store; a repeat changes nothing. Silos may run meanwhile.</summary>
    Task RemoveAsync(CancellationToken cancellationToken = default);
}
