using FaultTolerance.Storage;
using FaultTolerance.Storage.Tasks;
using Microsoft.Extensions.Options;
using Orleans.Serialization;

namespace FaultTolerance.Grains.Tasks;

/// <summary>Turns rows into tasks and decisions into writes.</summary>
internal sealed class TaskRowCodec(Serializer<TaskSpec> specs, Serializer<TaskLife> lives, IOptions<StoreOptions> options)
{
    private readonly byte[] _newLife = lives.SerializeToArray(TaskLife.New);

    /// <summary>Reads a row whose specification stands in it. <see cref="TaskReader"/> also reads those whose does not.</summary>
    public TaskState Read(TaskRow row, ReadOnlyMemory<byte> spec) => new()
    {
        Id = row.Id,
        Spec = specs.Deserialize(spec)!,
        Phase = row.Phase,
        Attempt = row.Attempt,
        Owner = row.Owner,
        Token = row.Token,
        Due = row.Due,
        Created = row.Created,
        Claimed = row.Claimed,
        Deadline = row.Deadline,
        Finished = row.Finished,
        Life = ReadLife(row),
        StoredResult = row.Result,
    };

    /// <summary>Reads what has happened to a task so far, which always stands in its row.</summary>
    public TaskLife ReadLife(TaskRow row) => row.Life.Length == 0 ? TaskLife.New : lives.Deserialize(row.Life)!;

    /// <summary>Stands in for a row that cannot be read, so that its task can at least be shown and ended. What of it can be read is there.</summary>
    public TaskState Unreadable(TaskRow row, Exception error) => new()
    {
        Id = row.Id,
        Spec = TaskSpec.OfKey(row.Handler),
        Phase = row.Phase,
        Attempt = row.Attempt,
        Owner = row.Owner,
        Token = row.Token,
        Due = row.Due,
        Created = row.Created,
        Claimed = row.Claimed,
        Deadline = row.Deadline,
        Finished = row.Finished,
        Life = FindLife(row),
        Damage = DamageOf(row, error),
    };

    /// <summary>Says what is wrong with a row that cannot be read.</summary>
    public static string DamageOf(TaskRow row, Exception error) => $"The row of task {row.Id} ({row.Handler}) cannot be read: {error.Message}";

    private TaskLife FindLife(TaskRow row)
    {
        try
        {
            return ReadLife(row);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return TaskLife.New; // it is damaged as well, or instead
        }
    }

    /// <summary>Makes the insert of a new task.</summary>
    /// <exception cref="SubmitRejectedException">The specification is larger than a payload may be.</exception>
    public TaskInsert Insert(TaskState state, IReadOnlyList<TaskId> dependsOn, string? idempotencyKey)
    {
        var spec = specs.SerializeToArray(state.Spec);
        if (spec.Length > options.Value.MaxPayload)
        {
            throw new SubmitRejectedException(
                SubmitRejection.TooLarge,
                $"The arguments of task {state.Id} ({state.Spec.Handler}) take {spec.Length:N0} bytes; at most {options.Value.MaxPayload:N0} are allowed " +
                "(StoreOptions.MaxPayload). Pass a reference to the data instead, for instance a path.")
            { TaskId = state.Id };
        }

        var (stored, parts) = PayloadReference.Store(spec, state.Token, options.Value.MaxInlinePayload);
        var row = new TaskRow
        {
            Id = state.Id,
            Phase = state.Phase,
            Attempt = state.Attempt,
            Owner = state.Owner,
            Token = state.Token,
            Due = state.Due,
            Created = state.Created,
            Claimed = state.Claimed,
            Deadline = state.Deadline,
            Handler = state.Spec.HandlerKey,
            Spec = stored,
            Life = _newLife,
        };
        return new TaskInsert(row) { DependsOn = dependsOn, Parent = state.Spec.Parent, IdempotencyKey = idempotencyKey, Parts = parts };
    }

    /// <summary>Makes the conditional write of a decision.</summary>
    public TaskUpdate Update(TaskCommit commit)
    {
        var (stored, parts) = commit.Result is null
            ? (null, [])
            : PayloadReference.Store(commit.Result, commit.Token, options.Value.MaxInlinePayload);
        return new TaskUpdate(commit.Before.Id, commit.Token)
        {
            IfPhase = commit.Before.Phase,
            IfAttempt = commit.Before.Attempt,
            IfOwner = commit.Before.Owner,
            IfToken = commit.IfToken,
            Phase = commit.After.Phase,
            Attempt = commit.After.Attempt,
            Owner = commit.After.Owner,
            Due = commit.After.Due,
            Finished = commit.After.Finished,
            Life = lives.SerializeToArray(commit.After.Life),
            Result = stored,
            Parts = parts,
        };
    }
}
