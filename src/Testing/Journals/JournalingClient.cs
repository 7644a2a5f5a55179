using System.Collections;
using System.Linq.Expressions;

namespace FaultTolerance.Testing.Journals;

/// <summary>A client that notes every acknowledged id in a journal before it hands it on.</summary>
/// <param name="client">The client that does the work.</param>
/// <param name="journal">The journal.</param>
public sealed class JournalingClient(IFaultToleranceClient client, ClientJournal journal) : IFaultToleranceClient
{
    private const int Batch = 500;

    /// <inheritdoc/>
    public SessionId Session => client.Session;

    /// <inheritdoc/>
    public async Task<TaskId> SubmitCallAsync(LambdaExpression call, SubmitOptions? options = null, CancellationToken cancellationToken = default)
    {
        var id = await client.SubmitCallAsync(call, options, cancellationToken);
        journal.Append([id]);
        return id;
    }

    /// <inheritdoc/>
    /// <remarks>Submits batch by batch: each is noted as soon as it is acknowledged, not only when all are.</remarks>
    public async Task<IReadOnlyList<TaskId>> SubmitCallsAsync(
        LambdaExpression call, IEnumerable items, SubmitOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        var ids = new List<TaskId>();
        foreach (var batch in items.Cast<object?>().Chunk(Batch))
        {
            var acknowledged = await client.SubmitCallsAsync(call, batch, options, cancellationToken);
            journal.Append(acknowledged);
            ids.AddRange(acknowledged);
        }

        return ids;
    }

    /// <inheritdoc/>
    public Task<T> GetAsync<T>(ObjectRef<T> reference, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        client.GetAsync(reference, timeout, cancellationToken);

    /// <inheritdoc/>
    public Task<WaitResult> WaitAsync(
        IEnumerable<IObjectRef> references, int count, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        client.WaitAsync(references, count, timeout, cancellationToken);

    /// <inheritdoc/>
    public Task<TaskSnapshot?> CancelAsync(TaskId id, string? reason = null, CancellationToken cancellationToken = default) =>
        client.CancelAsync(id, reason, cancellationToken);

    /// <inheritdoc/>
    public Task<TaskSnapshot?> GetSnapshotAsync(TaskId id, CancellationToken cancellationToken = default) =>
        client.GetSnapshotAsync(id, cancellationToken);

    /// <inheritdoc/>
    public Task<TaskHistory?> GetHistoryAsync(TaskId id, CancellationToken cancellationToken = default) =>
        client.GetHistoryAsync(id, cancellationToken);

    /// <inheritdoc/>
    public Task<TaskLineage?> GetLineageAsync(TaskId id, CancellationToken cancellationToken = default) =>
        client.GetLineageAsync(id, cancellationToken);
}
