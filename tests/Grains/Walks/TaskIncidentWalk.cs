using FaultTolerance.Grains.Execution;
using FaultTolerance.Grains.History;
using FaultTolerance.Grains.Tasks;
using FaultTolerance.Grains.Telemetry;
using FaultTolerance.Grains.Tests.Nodes;
using FaultTolerance.Storage.Engines;

namespace FaultTolerance.Grains.Tests.Walks;

/// <summary>Attempts run past their limits in time. Each is told, whatever the store does, and recorded; one that could not be is told to be lost, and hurts no other.</summary>
internal sealed class TaskIncidentWalk : WriteWalk
{
    private const int Attempts = 3;

    private TaskIncidents _incidents = null!;

    public override IReadOnlyList<string> Writes { get; } = [nameof(IStorageEngine.AddEventAsync)];

    public override IReadOnlyList<Type> Writers { get; } = [typeof(TaskIncidents)];

    public override Task PrepareAsync(StoreLab lab)
    {
        _incidents = lab.TaskIncidents(new AttemptExecutionOptions());
        return Task.CompletedTask;
    }

    public override async Task ActAsync(StoreLab lab)
    {
        var (began, limit) = (lab.Store.Now.AddMinutes(-2), TimeSpan.FromMinutes(1));
        await TellAsync(lab, task => _incidents.OnTimeout(task, began, limit));
        await TellAsync(lab, task => _incidents.OnSilence(task, began, 2 * limit, limit));
        await TellAsync(lab, task => _incidents.OnHung(task, began, limit));
    }

    public override Task FollowAsync(StoreLab lab) => Task.CompletedTask;

    public override async Task CheckAsync(StoreLab lab)
    {
        var stored = (await lab.IncidentLog.ListAsync(10, CancellationToken.None)).Count;
        var (told, recorded) = (Heard(lab, "of an attempt"), Heard(lab, "incident"));
        var lost = lab.Logs.Of(EventIds.IncidentNotRecorded).Count;
        Assert.Equal((Attempts, Attempts), (told, recorded + lost));
        Assert.InRange(lost, 0, IsDead ? Attempts : 1);
        Assert.InRange(stored, recorded, recorded + 1); // one may be there whose answer was lost
    }

    private static int Heard(StoreLab lab, string what) => lab.Events.Heard.Count(heard => heard.Contains(what, StringComparison.Ordinal));

    /// <summary>Tells of an attempt, and waits until its incident is recorded or given up.</summary>
    private static async Task TellAsync(StoreLab lab, Action<TaskState> tell)
    {
        var settled = lab.Events.OnIncidentRecorded = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lab.Logs.OnLogged = id =>
        {
            if (id == EventIds.IncidentNotRecorded)
            {
                settled.TrySetResult();
            }
        };
        tell(new TaskState { Id = TaskId.New(lab.Time), Spec = new TaskSpec { Handler = "work" }, Attempt = 1 });
        await settled.Task;
    }
}
