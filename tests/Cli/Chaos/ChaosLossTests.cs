using FaultTolerance.Cli.Chaos;
using FaultTolerance.Testing.Checking;
using Spectre.Console.Testing;

namespace FaultTolerance.Cli.Tests.Chaos;

/// <summary>That what is lost, a task or the whole cluster, ends in the report, and not the run.</summary>
public sealed class ChaosLossTests : IDisposable
{
    private readonly FakeRun _run = new();

    public void Dispose() => _run.Dispose();

    [Theory]
    [InlineData(1)] // the one with which the run sees whether the cluster takes its tasks
    [InlineData(5)]
    public async Task A_task_whose_row_is_lost_is_reported_as_lost(int which)
    {
        TaskId? lost = null;
        var asked = 0;
        var result = await _run.RunAsync(new IdleClient
        {
            OnGet = id =>
            {
                if (Interlocked.Increment(ref asked) == which)
                {
                    _run.Journal.Append([id]); // and the store knows nothing of it
                    lost = id;
                    throw new TaskUnknownException(id);
                }
            },
        });

        Assert.Equal((1, ExitCodes.Wrong), (result.Tasks.Lost, (result with { WrongResults = 0 }).ExitCode));
        Assert.Equal(1, ChaosJson.Of(result).Lost);
        Assert.Matches($"lost +1: {lost}", Report(result));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(TaskPhase.Failed)]
    [InlineData(TaskPhase.Cancelled)]
    public async Task What_has_no_result_for_a_reason_that_its_row_tells_is_not_counted_a_second_time(TaskPhase? phase)
    {
        var result = await _run.RunAsync(new IdleClient { OnGet = id => throw Denied(id, row: phase, told: phase) });

        Assert.Equal((0, ExitCodes.Wrong), (result.WrongResults, result.ExitCode));
    }

    [Theory]
    [InlineData(TaskPhase.Succeeded, null)]
    [InlineData(TaskPhase.Succeeded, TaskPhase.Failed)]
    [InlineData(TaskPhase.Succeeded, TaskPhase.Cancelled)]
    [InlineData(TaskPhase.Failed, null)]
    [InlineData(TaskPhase.Failed, TaskPhase.Cancelled)]
    [InlineData(null, TaskPhase.Failed)]
    public async Task A_result_that_is_denied_for_a_reason_that_is_not_its_rows_is_a_wrong_result(TaskPhase? row, TaskPhase? told)
    {
        TaskId? denied = null;
        var asked = 0;
        var result = await _run.RunAsync(new IdleClient
        {
            OnGet = id =>
            {
                if (Interlocked.Increment(ref asked) == 5)
                {
                    denied = id;
                    throw Denied(id, row, told);
                }

                throw Denied(id, row: null, told: null);
            },
        });

        Assert.Equal((1, ExitCodes.Wrong), (result.WrongResults, (result with { Tasks = new InvariantsReport { Accepted = 1 } }).ExitCode));
        Assert.Equal(1, ChaosJson.Of(result).WrongResults);
        Assert.Matches($"wrong results +1: task {denied}", Report(result));
    }

    [Fact]
    public async Task What_has_no_result_for_a_reason_that_no_row_tells_is_a_wrong_result()
    {
        var asked = 0;
        var result = await _run.RunAsync(new IdleClient
        {
            OnGet = id => throw (Interlocked.Increment(ref asked) == 5 ? new FaultToleranceException("It cannot be read.") : Denied(id, row: null, told: null)),
        });

        Assert.Equal((1, ExitCodes.Wrong), (result.WrongResults, result.ExitCode));
    }

    [Fact]
    public async Task A_cluster_that_does_not_answer_at_the_end_is_reported_with_all_that_is_known()
    {
        _run.WhileChecked = () => _run.Site.IsSilent = true;

        var result = await _run.RunAsync(new IdleClient());

        Assert.Equal((null, ExitCodes.Wrong), (ChaosJson.Of(result).LeakedSlots, (result with { WrongResults = 0 }).ExitCode));
        Assert.Matches("leaked slots +not known: the cluster does not answer", Report(result));
    }

    /// <summary>Acknowledges a task, and returns what the client says instead of a result. Whoever has failed did so for what it depends on.</summary>
    private FaultToleranceException Denied(TaskId id, TaskPhase? row, TaskPhase? told)
    {
        _run.Acknowledge(id, row);
        var failure = new TaskFailure { Kind = FailureKind.DependencyFailed, TaskId = TaskId.New(), Message = "It depends on another one." };
        return told switch
        {
            null => new TaskUnknownException(id),
            TaskPhase.Cancelled => new TaskCancelledException(failure),
            _ => new TaskFailedException(failure),
        };
    }

    private static string Report(ChaosResult result)
    {
        using var console = new TestConsole().Width(200);
        console.Write(ChaosReport.Draw(result));
        return console.Output;
    }
}
