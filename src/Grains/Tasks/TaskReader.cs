using FaultTolerance.Storage;
using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.Tasks;

namespace FaultTolerance.Grains.Tasks;

/// <summary>Reads tasks and payloads, those that are stored beside their rows included.</summary>
internal sealed class TaskReader(IDurableStore store, TaskRowCodec codec)
{
    /// <summary>Returns a task, also one whose row cannot be read, which is told as such; null when there is no such row.</summary>
    public async Task<TaskState?> ReadAsync(TaskId id, CancellationToken cancellationToken)
    {
        var rows = await store.ReadAsync([id], cancellationToken);
        return rows.Count == 0 ? null : await ReadOrTellAsync(rows[0], cancellationToken);
    }

    /// <summary>Reads a row.</summary>
    /// <exception cref="InvalidDataException">A part of the specification is missing or damaged.</exception>
    public async ValueTask<TaskState> ReadAsync(TaskRow row, CancellationToken cancellationToken) =>
        codec.Read(row, await LoadAsync(row.Id, row.Spec, cancellationToken));

    /// <summary>Reads rows.</summary>
    public async ValueTask<IReadOnlyList<TaskState>> ReadAsync(IReadOnlyList<TaskRow> rows, CancellationToken cancellationToken)
    {
        var states = new TaskState[rows.Count];
        for (var i = 0; i < states.Length; i++)
        {
            states[i] = await ReadAsync(rows[i], cancellationToken);
        }

        return states;
    }

    /// <summary>Reads rows that this node owns. One that cannot be read is told as such: thrown, it would hide the others.</summary>
    public async ValueTask<IReadOnlyList<TaskState>> ReadOwnedAsync(IReadOnlyList<TaskRow> rows, CancellationToken cancellationToken)
    {
        var states = new TaskState[rows.Count];
        for (var i = 0; i < states.Length; i++)
        {
            states[i] = await ReadOrTellAsync(rows[i], cancellationToken);
        }

        return states;
    }

    /// <summary>Returns a stored payload.</summary>
    /// <exception cref="InvalidDataException">A part is missing or damaged.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> LoadAsync(TaskId id, byte[] stored, CancellationToken cancellationToken)
    {
        if (PayloadReference.TryReadInline(stored, out var payload, out var reference))
        {
            return payload;
        }

        var joined = await store.ReadPartsAsync(id, reference.Token, cancellationToken);
        return joined is not null && reference.Matches(joined)
            ? joined
            : throw new InvalidDataException($"A payload of task {id} ({reference.Length:N0} bytes) is missing parts or is damaged.");
    }

    private async ValueTask<TaskState> ReadOrTellAsync(TaskRow row, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadAsync(row, cancellationToken);
        }
        catch (Exception exception) when (exception is not StoreException and not OperationCanceledException)
        {
            return codec.Unreadable(row, exception);
        }
    }
}
