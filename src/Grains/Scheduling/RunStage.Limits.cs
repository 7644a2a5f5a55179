using FaultTolerance.Grains.Tasks;

namespace FaultTolerance.Grains.Scheduling;

/// <content>What may not start any more, because it is past a limit in time.</content>
internal sealed partial class RunStage
{
    private DateTimeOffset? _nextLimit;

    /// <summary>Takes out what is past a limit in time and has not started, each with its failure.</summary>
    public IReadOnlyList<(TaskState Task, TaskFailure Failure)> TakePastLimit()
    {
        if (_nextLimit is null || context.Now < _nextLimit)
        {
            return [];
        }

        var taken = new List<(TaskState, TaskFailure)>();
        _nextLimit = null;
        var unstarted = _waiting.Where(waiting => MayStart(waiting.Task)).ToList();
        _waiting.Clear();
        foreach (var waiting in WaitingLoner is { } alone ? unstarted.Prepend(new WaitingAttempt(alone, default, default)) : unstarted)
        {
            var task = waiting.Task;
            if (StartLimit.Find(task, context.Now) is { } failure)
            {
                Leave(task);
                taken.Add((task, failure));
                continue;
            }

            NoteLimit(task);
            if (task != _alone)
            {
                _waiting.Enqueue(waiting);
            }
        }

        return taken;
    }

    private void NoteLimit(TaskState task) => _nextLimit = PipelineContext.Earlier(_nextLimit, StartLimit.Of(task));
}
