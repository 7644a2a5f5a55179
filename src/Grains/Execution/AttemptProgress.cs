using System.Diagnostics.CodeAnalysis;
using FaultTolerance.Grains.Scheduling;
using FaultTolerance.Grains.Tasks;

namespace FaultTolerance.Grains.Execution;

/// <summary>The progress of a task as one attempt of it sees and saves it.</summary>
internal sealed class AttemptProgress(Attempt attempt, ProgressCodec codec, ProgressTickets tickets) : ITaskProgress
{
    private readonly Lock _lock = new();
    private SavedProgress? _last = attempt.Task.Life.Progress;
    private long _asked;
    private long _saved;

    public void Heartbeat() => attempt.Heartbeats?.Sign();

    public async Task SaveAsync<T>(T progress, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        attempt.Heartbeats?.BeginSave();
        try
        {
            var (id, number) = (attempt.Task.Id, attempt.Task.Attempt);
            var saved = new SavedProgress { Value = codec.Write(id, progress), Type = ProgressCodec.NameOf<T>(), Attempt = number };
            var place = Interlocked.Increment(ref _asked);
            var (verdict, reason) = await tickets.AskAsync(attempt, saved.Value, saved.Type, cancellationToken);
            switch (verdict)
            {
                case ProgressVerdict.Saved:
                    Keep(saved, place);
                    break;
                case ProgressVerdict.NotStorable:
                    throw new FaultToleranceException($"The store cannot hold the progress of task {id}, attempt {number}: {reason} What was saved before is still there.");
                default:
                    throw new AttemptOverException(id, number);
            }
        }
        finally
        {
            attempt.Heartbeats?.EndSave();
        }
    }

    public bool TryGet<T>([MaybeNullWhen(false)] out T progress)
    {
        SavedProgress? last;
        lock (_lock)
        {
            last = _last;
        }

        progress = last is null ? default : codec.Read<T>(attempt.Task.Id, last);
        return last is not null;
    }

    // Saves that were made side by side may be answered together: the one that was made last is what stands.
    private void Keep(SavedProgress saved, long place)
    {
        lock (_lock)
        {
            if (place > _saved)
            {
                (_last, _saved) = (saved, place);
            }
        }
    }
}
