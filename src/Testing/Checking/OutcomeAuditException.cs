namespace FaultTolerance.Testing.Checking;

/// <summary>Outcomes were not counted, so that nothing is known of them: the audit is not in the store any more, or was never installed whole.</summary>
public sealed class OutcomeAuditException(string message, Exception? inner = null) : FaultToleranceException(message, inner);
