using FaultTolerance.Grains.Scheduling;
using FaultTolerance.Grains.Tasks;

namespace FaultTolerance.Grains.Tests.Execution;

/// <summary>What a handler hears when it saves and reads progress.</summary>
public sealed class ProgressTests : IAsyncLifetime
{
    private ExecutorLab _lab = null!;

    public async ValueTask InitializeAsync() => _lab = await ExecutorLab.OpenAsync();

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    [Fact]
    public async Task A_first_attempt_finds_no_progress()
    {
        var context = await StartAsync();

        Assert.False(context.TryGetProgress<long>(out var none));
        Assert.Equal(0, none);
    }

    [Fact]
    public async Task A_save_returns_when_it_is_stored_and_the_attempt_itself_reads_it_then()
    {
        var context = await StartAsync();

        var saving = context.SaveProgressAsync(new LabCursor("a.txt", 42));
        var report = await _lab.NextAsync<ProgressReported>();
        Assert.False(saving.IsCompleted);
        Assert.False(context.TryGetProgress<LabCursor>(out _));
        _lab.Answer(report);
        await saving;

        Assert.True(context.TryGetProgress<LabCursor>(out var cursor));
        Assert.Equal(new LabCursor("a.txt", 42), cursor);
    }

    [Fact]
    public async Task The_next_attempt_reads_what_an_earlier_one_saved()
    {
        var first = await StartAsync();
        var saving = first.SaveProgressAsync(new LabCursor("a.txt", 42));
        var report = await _lab.NextAsync<ProgressReported>();

        await using var other = await ExecutorLab.OpenAsync();
        var second = await ContextAsync(other, new SavedProgress { Value = report.Value, Type = report.Type, Attempt = 1 });

        Assert.True(second.TryGetProgress<LabCursor>(out var cursor));
        Assert.Equal(new LabCursor("a.txt", 42), cursor);
        _lab.Answer(report);
        await saving;
    }

    [Fact]
    public async Task Of_saves_that_are_answered_together_the_one_that_was_made_last_stands()
    {
        var context = await StartAsync();
        var savings = new[] { context.SaveProgressAsync(1), context.SaveProgressAsync(2) };
        var reports = new[] { await _lab.NextAsync<ProgressReported>(), await _lab.NextAsync<ProgressReported>() };

        _lab.Answer(reports[1]);
        await savings[1];
        _lab.Answer(reports[0]);
        await savings[0];

        Assert.True(context.TryGetProgress<int>(out var last));
        Assert.Equal(2, last);
    }

    [Fact]
    public async Task Progress_over_the_limit_is_refused_with_size_limit_and_remedy_and_nothing_is_sent()
    {
        _lab.Limits.MaxProgress = 1_024;
        var context = await StartAsync();

        var error = await Assert.ThrowsAsync<ProgressTooLargeException>(() => context.SaveProgressAsync(new byte[1_025]));

        Assert.Equal((context.TaskId, 1_024), (error.TaskId, error.Limit));
        Assert.True(error.Size > 1_024);
        Assert.Equal(
            $"The progress of task {context.TaskId} takes {error.Size:N0} bytes; at most 1,024 are allowed (TaskLimits.MaxProgress). " +
            "Save where the data lies instead of the data, for instance a position in a file.",
            error.Message);
        Assert.False(_lab.HasPosted);
    }

    [Fact]
    public async Task Progress_of_a_type_that_cannot_be_serialized_is_refused_with_the_remedy()
    {
        var context = await StartAsync();

        var error = await Assert.ThrowsAsync<ProgressTypeException>(() => context.SaveProgressAsync(_lab));

        Assert.Equal((typeof(ExecutorLab).FullName, null), (error.AskedType, error.SavedType));
        Assert.Contains("[GenerateSerializer]", error.Message);
        Assert.False(_lab.HasPosted);
    }

    [Fact]
    public async Task Progress_that_was_saved_as_another_type_is_a_typed_error_that_names_both()
    {
        var saving = (await StartAsync()).SaveProgressAsync(1);
        var report = await _lab.NextAsync<ProgressReported>();
        await using var other = await ExecutorLab.OpenAsync();
        var next = await ContextAsync(other, new SavedProgress { Value = report.Value, Type = report.Type, Attempt = 1 });

        // The bytes alone would not tell: those of one number can be read as another.
        var error = Assert.Throws<ProgressTypeException>(() => next.TryGetProgress<long>(out _));
        _lab.Answer(report);
        await saving;

        Assert.Equal(("System.Int64", "System.Int32"), (error.AskedType, error.SavedType));
        Assert.Contains("saved by attempt 1", error.Message);
    }

    [Fact]
    public async Task Progress_whose_bytes_cannot_be_read_is_a_typed_error()
    {
        var context = await ContextAsync(_lab, new SavedProgress { Value = [0xff, 0xff], Type = typeof(LabCursor).FullName!, Attempt = 1 });

        var error = Assert.Throws<ProgressTypeException>(() => context.TryGetProgress<LabCursor>(out _));

        Assert.NotNull(error.InnerException);
    }

    [Fact]
    public async Task A_handler_that_does_not_catch_an_unreadable_progress_fails_with_that_error()
    {
        var task = _lab.Task("lab.continue", with: task => task with
        {
            Life = TaskLife.New with { Progress = new SavedProgress { Value = [1], Type = "Some.Other.Type", Attempt = 1 } },
        });

        var failed = Assert.IsType<AttemptFailed>((await _lab.RunAsync(task)).End);

        Assert.Equal((FailureKind.UserException, typeof(ProgressTypeException).FullName), (failed.Failure.Kind, failed.Failure.ExceptionType));
        Assert.Contains("Some.Other.Type", failed.Failure.Message);
    }

    [Fact]
    public async Task A_save_of_an_attempt_that_is_over_is_a_typed_error_and_changes_what_it_reads_in_nothing()
    {
        var context = await StartAsync();
        var saving = context.SaveProgressAsync(1);

        _lab.Answer(await _lab.NextAsync<ProgressReported>(), ProgressVerdict.AttemptOver);

        var error = await Assert.ThrowsAsync<AttemptOverException>(() => saving);
        Assert.Equal((context.TaskId, 1), (error.TaskId, error.Attempt));
        Assert.False(context.TryGetProgress<int>(out _));
    }

    [Fact]
    public async Task Progress_that_the_store_refuses_is_an_error_that_says_why()
    {
        var context = await StartAsync();
        var saving = context.SaveProgressAsync(1);

        _lab.Answer(await _lab.NextAsync<ProgressReported>(), ProgressVerdict.NotStorable, "Too odd.");

        Assert.Contains("Too odd.", (await Assert.ThrowsAsync<FaultToleranceException>(() => saving)).Message);
    }

    [Fact]
    public async Task A_cancelled_wait_is_given_up_and_the_attempt_goes_on()
    {
        var context = await StartAsync();
        using var impatient = new CancellationTokenSource();
        var saving = context.SaveProgressAsync(1, impatient.Token);
        var report = await _lab.NextAsync<ProgressReported>();

        await impatient.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => saving);
        _lab.Answer(report);
        Assert.False(_lab.IsStopped);
    }

    [Fact]
    public async Task When_the_pipeline_has_stopped_nobody_waits_for_an_answer()
    {
        var context = await StartAsync();
        var saving = context.SaveProgressAsync(1);
        await _lab.NextAsync<ProgressReported>();

        _lab.Executor.RefuseProgress();

        await Assert.ThrowsAsync<AttemptOverException>(() => saving);
        await Assert.ThrowsAsync<AttemptOverException>(() => context.SaveProgressAsync(2));
    }

    private Task<TaskContext> StartAsync() => ContextAsync(_lab, null);

    private static async Task<TaskContext> ContextAsync(ExecutorLab lab, SavedProgress? progress)
    {
        await lab.StartedAsync("lab.until-stopped", task => task with { Life = TaskLife.New with { Progress = progress } });
        return await lab.Control.Started.Task;
    }
}
