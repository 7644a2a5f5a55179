using FaultTolerance.Grains.Scheduling;
using FaultTolerance.Grains.Tasks;
using FaultTolerance.Grains.Tests.Nodes;
using FaultTolerance.Storage.Engines;

namespace FaultTolerance.Grains.Tests.Walks;

/// <summary>A node accepts, claims, runs, saves progress, commits and wakes. If it dies of a fault it is recovered, and another node ends what was accepted.</summary>
internal sealed class PipelineWalk : WriteWalk
{
    private readonly List<NewTask> _calls = [];
    private readonly Dictionary<(TaskId, int), int> _starts = [];
    private readonly HashSet<TaskId> _accepted = [];
    private readonly Dictionary<TaskId, byte[]> _saved = [];

    public override IReadOnlyList<string> Writes { get; } =
    [
        nameof(IStorageEngine.CommitTasksAsync), nameof(IStorageEngine.ClaimAsync), nameof(IStorageEngine.LookAtDependenciesAsync),
        nameof(IStorageEngine.ResolveEdgesAsync), nameof(IStorageEngine.WakeAsync),
    ];

    public override IReadOnlyList<Type> Writers { get; } = [typeof(PipelineOperations)];

    public override async Task PrepareAsync(StoreLab lab)
    {
        await lab.JoinAsync(1);
        await lab.JoinAsync(2);
        var first = Call(lab, []);
        var later = Call(lab, [], TimeSpan.FromSeconds(1));
        _calls.AddRange([first, later, Call(lab, [first.State.Id, later.State.Id])]);
    }

    public override Task ActAsync(StoreLab lab) => RunAsync(lab, 1);

    public override async Task FollowAsync(StoreLab lab)
    {
        lab.Prover.Bury(NodeFacts.Life(1));
        await RecoveryWalk.RoundAsync(lab);
        await lab.Dependents().StepAsync(null, CancellationToken.None);
        await RunAsync(lab, 2);
    }

    public override async Task CheckAsync(StoreLab lab)
    {
        Assert.Equal(_calls.Count, _accepted.Count);
        foreach (var call in _calls)
        {
            var task = await lab.TaskAsync(call.State.Id);
            Assert.Equal(TaskPhase.Succeeded, task.Phase);
            Assert.Equal(task.Attempt, task.Life.Attempts.Count);
            Assert.InRange(task.Attempt, 1, IsDead ? 2 : 1);
        }

        Assert.All(_starts, start => Assert.True(start.Value == 1, $"Attempt {start.Key} was started {start.Value} times."));
    }

    private static NewTask Call(StoreLab lab, IReadOnlyList<TaskId> dependsOn, TimeSpan startAfter = default)
    {
        var task = new TaskState
        {
            Id = TaskId.New(lab.Time),
            Spec = new TaskSpec { Handler = LabSilo.Handler },
            Phase = dependsOn.Count > 0 ? TaskPhase.Waiting : TaskPhase.Queued,
            Token = lab.Store.NewToken(),
            Created = lab.Store.Now,
            Due = lab.Store.Now + startAfter,
        };
        lab.Time.Advance(TimeSpan.FromMilliseconds(1)); // the next id sorts after this one
        return new NewTask(task, dependsOn, null);
    }

    /// <summary>A silo's life, in which a client submits what it was not told to be accepted, call by call, and again until it is told.</summary>
    private async Task RunAsync(StoreLab lab, int life)
    {
        var silo = new LabSilo(lab, life, Start, (task, progress) => _saved[task] = progress);
        foreach (var call in _calls.Where(call => !_accepted.Contains(call.State.Id)).ToList())
        {
            for (var repeat = 0; repeat < 3 && !_accepted.Contains(call.State.Id); repeat++)
            {
                if (await silo.SubmitAsync(call))
                {
                    _accepted.Add(call.State.Id);
                }
            }
        }

        await silo.RunAsync();
    }

    /// <summary>An attempt starts once, and with the progress that was last said to be durable.</summary>
    private void Start(TaskState task)
    {
        _starts[(task.Id, task.Attempt)] = _starts.GetValueOrDefault((task.Id, task.Attempt)) + 1;
        if (_saved.TryGetValue(task.Id, out var progress))
        {
            Assert.Equal(progress, task.Life.Progress?.Value);
        }
    }
}
