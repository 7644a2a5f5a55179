using System.Collections.Concurrent;
using FaultTolerance.Grains.Scheduling;

namespace FaultTolerance.Grains.Execution;

/// <summary>The handlers that wait to hear what became of the progress that they saved.</summary>
internal sealed class ProgressTickets
{
    private readonly ConcurrentDictionary<long, TaskCompletionSource<(ProgressVerdict, string?)>> _waiting = new();
    private long _last;
    private volatile bool _isClosed;

    /// <summary>Hands progress to the pipeline, and returns its answer.</summary>
    public async Task<(ProgressVerdict Verdict, string? Reason)> AskAsync(Attempt attempt, byte[] value, string type, CancellationToken cancellationToken)
    {
        var ticket = Interlocked.Increment(ref _last);
        var answer = new TaskCompletionSource<(ProgressVerdict, string?)>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[ticket] = answer;
        attempt.Post(new ProgressReported(attempt.Task.Id, attempt.Task.Attempt, ticket, value, type));
        if (_isClosed)
        {
            // The pipeline has stopped and takes no events any more, this one perhaps included.
            Answer([ticket], ProgressVerdict.AttemptOver, null);
        }

        return await answer.Task.WaitAsync(cancellationToken);
    }

    public void Answer(IEnumerable<long> tickets, ProgressVerdict verdict, string? reason)
    {
        foreach (var ticket in tickets)
        {
            if (_waiting.TryRemove(ticket, out var answer))
            {
                answer.SetResult((verdict, reason));
            }
        }
    }

    /// <summary>Answers whoever waits, and whoever comes: nobody else will.</summary>
    public void Close()
    {
        _isClosed = true;
        Answer(_waiting.Keys, ProgressVerdict.AttemptOver, null);
    }
}
