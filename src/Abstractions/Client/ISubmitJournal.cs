namespace FaultTolerance;

/// <summary>Keeps a record of its own, outside the cluster, of what the cluster has acknowledged.</summary>
/// <remarks>
/// Register one as a service beside the client. A test that compares the record with the outcomes proves that nothing that
/// was accepted is lost.
/// </remarks>
public interface ISubmitJournal
{
    /// <summary>Takes the ids of accepted calls, before their submits return. Called by several threads at once.</summary>
    /// <remarks>What it throws, the submits throw; the calls are accepted all the same.</remarks>
    void OnAcknowledged(IReadOnlyList<TaskId> ids);
}
