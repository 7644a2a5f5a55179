using FaultTolerance.Grains.Tasks;

namespace FaultTolerance.Grains.Tests.Execution;

/// <summary>What is told of a handler that throws, also where what it throws, or what is asked about it, throws too.</summary>
public sealed class AttemptFailureTests : IAsyncLifetime
{
    private ExecutorLab _lab = null!;

    public async ValueTask InitializeAsync() => _lab = await ExecutorLab.OpenAsync();

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    [Fact]
    public async Task A_retry_filter_that_throws_leaves_the_decision_to_the_lists_and_is_told_beside_the_cause()
    {
        _lab.Control.Throws = new InvalidOperationException("The cause.");
        _lab.Control.Filter = _ => throw new NotSupportedException("The filter's own.");

        var failed = await FailAsync();

        Assert.Equal((FailureKind.UserException, typeof(InvalidOperationException).FullName, false), (failed.Failure.Kind, failed.Failure.ExceptionType, failed.MayRetry));
        Assert.StartsWith("The cause.", failed.Failure.Message);
        Assert.Contains("The filter's own.", failed.Failure.Message);
    }

    [Fact]
    public async Task A_retry_filter_that_throws_does_not_forbid_what_the_handler_lists()
    {
        _lab.Control.Throws = new TimeZoneNotFoundException("The cause.");
        _lab.Control.Filter = _ => throw new NotSupportedException("The filter's own.");

        Assert.True((await FailAsync()).MayRetry);
    }

    [Fact]
    public async Task An_exception_that_cannot_be_read_is_told_by_its_type()
    {
        _lab.Control.Throws = new UnreadableException(new InvalidOperationException("The inner cause."));

        var failed = await FailAsync();

        Assert.Equal(typeof(UnreadableException).FullName, failed.Failure.ExceptionType);
        Assert.Contains("No message for you.", failed.Failure.Message);
        Assert.Contains("No trace for you.", failed.Failure.StackTrace);
        Assert.Equal("The inner cause.", failed.Failure.Cause!.Message);
    }

    [Fact]
    public async Task A_policy_whose_list_of_exceptions_is_null_lists_none()
    {
        _lab.Control.Throws = new InvalidOperationException("The cause.");

        var failed = await FailAsync(new TaskRetryPolicy { RetryOn = null! });

        Assert.Equal(("The cause.", false), (failed.Failure.Message, failed.MayRetry));
    }

    [Theory]
    [InlineData(typeof(TimeZoneNotFoundException), null, true)] // the handler's list
    [InlineData(typeof(TimeZoneNotFoundException), "", true)]
    [InlineData(typeof(TimeZoneNotFoundException), "System.IO.IOException", false)] // the call's
    [InlineData(typeof(IOException), "System.IO.IOException", true)]
    [InlineData(typeof(IOException), "", false)]
    [InlineData(typeof(DivideByZeroException), null, false)] // never the cluster's, for the handler has one
    public async Task The_list_of_the_call_wins_over_that_of_the_handler_and_an_empty_one_is_inherited(Type thrown, string? ofCall, bool isRetried)
    {
        _lab.Store.Pipelines.Retry = new TaskRetryPolicy { RetryOn = [typeof(DivideByZeroException).FullName!] };
        _lab.Control.Throws = (Exception)Activator.CreateInstance(thrown)!;

        var failed = await FailAsync(ofCall is null ? null : new TaskRetryPolicy { RetryOn = ofCall.Length == 0 ? [] : [ofCall] });

        Assert.Equal(isRetried, failed.MayRetry);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Where_neither_call_nor_handler_has_a_list_that_of_the_cluster_holds(bool hasPolicy)
    {
        _lab.Store.Pipelines.Retry = new TaskRetryPolicy { RetryOn = [typeof(DivideByZeroException).FullName!] };
        _lab.Control.Throws = new DivideByZeroException();

        var ended = await _lab.RunAsync(_lab.Task("lab.token", retry: hasPolicy ? new TaskRetryPolicy() : null));

        Assert.True(Assert.IsType<AttemptFailed>(ended.End).MayRetry);
    }

    [Fact]
    public async Task A_handler_that_runs_out_of_memory_costs_the_budget_of_memory()
    {
        _lab.Control.Throws = new InsufficientMemoryException("Too much.");
        var task = _lab.Task("lab.throw", retry: new TaskRetryPolicy { MaxExceptionRetries = 0, MaxOutOfMemoryRetries = 1 });

        var failed = Assert.IsType<AttemptFailed>((await _lab.RunAsync(task)).End);
        var after = TaskLifecycle.Apply(task, failed, new TaskRetryPolicy(), _lab.Store.Store.Now, 0.5).State;

        Assert.Equal((FailureKind.OutOfMemory, true), (failed.Failure.Kind, failed.MayRetry));
        Assert.Equal((TaskPhase.Queued, 1), (after.Phase, after.Life.RetriesOf(FailureKind.OutOfMemory)));
    }

    [Fact]
    public async Task The_fencing_token_grows_from_attempt_to_attempt()
    {
        var first = await _lab.RunAsync(_lab.Task("lab.token", attempt: 1));
        var second = await _lab.RunAsync(_lab.Task("lab.token", attempt: 2));

        Assert.Equal([1L, 2L], new[] { first, second }.Select(ended => Value(ended.Result!)));
    }

    private static long Value(byte[] frame) =>
        Nodes.StoreLab.Serializer<long>().Deserialize(Payloads.PayloadFrame.Element(frame, 0));

    /// <summary>Runs an attempt that fails; it must be told once, and its slot be free.</summary>
    private async Task<AttemptFailed> FailAsync(TaskRetryPolicy? retry = null)
    {
        var ended = await _lab.RunAsync(_lab.Task("lab.throw", retry: retry));
        Assert.False(ended.KeepsSlot);
        return Assert.IsType<AttemptFailed>(ended.End);
    }

    private sealed class UnreadableException(Exception inner) : Exception("", inner)
    {
        public override string Message => throw new NotSupportedException("No message for you.");

        public override string? StackTrace => throw new NotSupportedException("No trace for you.");
    }
}
