using FaultTolerance.Grains.Tasks;
using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.InMemory;
using FaultTolerance.Storage.Tasks;
using FaultTolerance.Testing.Checking;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace FaultTolerance.Testing.Tests.Checking;

public sealed class InvariantsCheckerTests
{
    private readonly IStorageEngine _engine = InMemoryStore.CreateEngine(TimeProvider.System);
    private readonly Serializer _serializer = new ServiceCollection().AddSerializer().BuildServiceProvider().GetRequiredService<Serializer>();

    [Fact]
    public async Task Every_acknowledged_task_with_an_outcome_is_counted_by_it()
    {
        TaskId[] acknowledged =
        [
            await AddAsync(TaskPhase.Succeeded), await AddAsync(TaskPhase.Succeeded), await AddAsync(TaskPhase.Failed), await AddAsync(TaskPhase.Cancelled),
        ];
        await AddAsync(TaskPhase.Running); // acknowledged to nobody

        var report = await CheckAsync(acknowledged);

        Assert.Equal((4, 2, 1, 1, 0), (report.Accepted, report.Succeeded, report.Failed, report.Cancelled, report.Lost));
        Assert.Equal([(acknowledged[2], TaskPhase.Failed), (acknowledged[3], TaskPhase.Cancelled)], report.WithoutResult.Select(task => (task.Key, task.Value!.Value)));
        Assert.True(report.Holds);
    }

    [Theory]
    [InlineData(TaskPhase.Waiting)]
    [InlineData(TaskPhase.Queued)]
    [InlineData(TaskPhase.Running)]
    [InlineData(null)]
    public async Task An_acknowledged_task_without_an_outcome_is_lost(TaskPhase? phase)
    {
        var id = phase is null ? TaskId.New() : await AddAsync(phase.Value);

        var report = await CheckAsync([id]);

        Assert.Equal((1, false), (report.Lost, report.Holds));
        Assert.Equal([id], report.LostExamples);
        Assert.Equal([(id, phase)], report.WithoutResult.Select(task => (task.Key, task.Value)));
    }

    [Fact]
    public async Task An_outcome_that_was_committed_twice_breaks_the_invariants()
    {
        var report = await CheckAsync([await AddAsync(TaskPhase.Succeeded)], doubled: 1);

        Assert.Equal((1, false), (report.CommittedTwice, report.Holds));
    }

    [Fact]
    public async Task Retries_are_counted_by_cause_and_attempts_by_the_life_that_took_them_down()
    {
        var (dead, lost) = (new NodeIncarnation(7), new NodeIncarnation(8));
        var one = await AddAsync(TaskPhase.Failed, TaskLife.New.With(Attempt(1, dead, FailureKind.Crash)).WithRetry(FailureKind.Crash).With(Attempt(2, lost, FailureKind.UserException)));
        var other = await AddAsync(TaskPhase.Failed, TaskLife.New
            .With(Attempt(1, dead, FailureKind.Crash)).WithRetry(FailureKind.Crash)
            .With(Attempt(2, lost, FailureKind.NodeLost)).WithRetry(FailureKind.NodeLost)
            .With(Attempt(3, lost, FailureKind.UserException)).WithRetry(FailureKind.UserException).With(Attempt(4, lost, FailureKind.UserException)));

        var report = await CheckAsync([one, other]);

        Assert.Equal(
            [(FailureKind.UserException, 1L), (FailureKind.Crash, 2L), (FailureKind.NodeLost, 1L)],
            report.Retries.OrderBy(r => r.Key).Select(r => (r.Key, r.Value)));
        Assert.Equal([(dead, 2L), (lost, 1L)], report.AttemptsHit.OrderBy(hit => hit.Key).Select(hit => (hit.Key, hit.Value)));
    }

    [Fact]
    public async Task More_tasks_than_a_page_are_all_checked()
    {
        var ids = new List<TaskId>();
        for (var i = 0; i < 1_100; i++)
        {
            ids.Add(i % 100 == 0 ? TaskId.New() : await AddAsync(TaskPhase.Succeeded));
        }

        var report = await CheckAsync(ids);

        Assert.Equal((1_100, 1_089, 11), (report.Accepted, report.Succeeded, report.Lost));
    }

    [Fact]
    public async Task A_task_whose_history_is_whole_passes_and_so_does_one_whose_oldest_attempts_gave_way()
    {
        var life = Enumerable.Range(1, TaskLife.MaxAttemptsKept + 50).Aggregate(TaskLife.New, (life, number) => life.With(Failed(number)));

        var refused = Failed(3) with { Failure = new TaskFailure { Kind = FailureKind.InvalidResult, Message = "The store refuses the history." } };

        var report = await CheckAsync(
        [
            await AddAsync(TaskPhase.Failed, life, attempt: TaskLife.MaxAttemptsKept + 50),
            await AddAsync(TaskPhase.Cancelled),
            await AddAsync(TaskPhase.Cancelled, TaskLife.New.With(Failed(1)).WithRetry(FailureKind.Crash)), // while it waited for its retry
            await AddAsync(TaskPhase.Failed, TaskLife.New.With(refused), attempt: 3),
        ]);

        Assert.Equal((0, true), (report.BrokenHistories, report.Holds));
    }

    [Fact]
    public async Task A_history_that_cannot_be_breaks_the_invariants()
    {
        TaskId[] broken =
        [
            await AddAsync(TaskPhase.Failed, TaskLife.New, attempt: 1),
            await AddAsync(TaskPhase.Failed, TaskLife.New.With(Failed(1)).With(Failed(3)), attempt: 3),
            await AddAsync(TaskPhase.Failed, TaskLife.New.With(Failed(1)).With(Failed(1)), attempt: 2),
            await AddAsync(TaskPhase.Failed, TaskLife.New.With(Failed(1) with { EndedAt = null })),
            await AddAsync(TaskPhase.Failed, TaskLife.New.With(Failed(1)).WithRetry(FailureKind.Crash).WithRetry(FailureKind.Crash)),
            await AddAsync(TaskPhase.Succeeded, TaskLife.New.With(Succeeded).WithRetry(FailureKind.Crash)),
            await AddAsync(TaskPhase.Succeeded, TaskLife.New.With(Failed(1))),
            await AddAsync(TaskPhase.Failed, TaskLife.New.With(Succeeded)),
        ];

        var report = await CheckAsync(broken);

        Assert.Equal((broken.Length, false), (report.BrokenHistories, report.Holds));
        Assert.Equal(broken.Select(id => $"{id}"), report.BrokenExamples.Select(example => example.Split(':')[0]));
    }

    private Task<InvariantsReport> CheckAsync(IReadOnlyCollection<TaskId> acknowledged, long doubled = 0) =>
        new InvariantsChecker(_engine, new FixedAudit(doubled), _serializer).CheckAsync(acknowledged);

    private async Task<TaskId> AddAsync(TaskPhase phase, TaskLife? life = null, int? attempt = null)
    {
        var id = TaskId.New();
        life ??= phase == TaskPhase.Succeeded ? TaskLife.New.With(Succeeded) : null;
        await _engine.CommitTasksAsync(
            [
                new TaskInsert(new TaskRow
                {
                    Id = id,
                    Phase = phase,
                    Handler = "test@1",
                    Spec = [0],
                    Attempt = attempt ?? life?.Attempts.Count ?? 0,
                    Token = 1,
                    Owner = phase == TaskPhase.Running ? new NodeIncarnation(1) : NodeIncarnation.None,
                    Finished = phase.IsFinal() ? DateTimeOffset.UnixEpoch : null,
                    Life = life is null ? [] : _serializer.SerializeToArray(life),
                }),
            ],
            CancellationToken.None);
        return id;
    }

    private static AttemptRecord Succeeded { get; } = new()
    {
        Number = 1,
        Node = "silo-1",
        Incarnation = new NodeIncarnation(1),
        EndedAt = DateTimeOffset.UnixEpoch,
        Outcome = AttemptOutcome.Succeeded,
    };

    private static AttemptRecord Failed(int number) => Attempt(number, new NodeIncarnation(1), FailureKind.UserException);

    private static AttemptRecord Attempt(int number, NodeIncarnation incarnation, FailureKind kind) => new()
    {
        Number = number,
        Node = "silo-1",
        Incarnation = incarnation,
        EndedAt = DateTimeOffset.UnixEpoch,
        Outcome = AttemptOutcome.Failed,
        Failure = new TaskFailure { Kind = kind, Message = "it ended" },
    };

    private sealed class FixedAudit(long doubled) : IOutcomeAudit
    {
        public string Removal => "";

        public Task InstallAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

        public Task<long> CountDoubledAsync(CancellationToken cancellationToken = default) => Task.FromResult(doubled);

        public Task RemoveAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;
    }
}
