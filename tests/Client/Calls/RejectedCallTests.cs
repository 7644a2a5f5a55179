using System.Linq.Expressions;
using FaultTolerance.Calls;
using FaultTolerance.Client.Tests.Clusters;

namespace FaultTolerance.Client.Tests.Calls;

/// <summary>Which lambdas are refused, and in which words. Nothing is sent.</summary>
public sealed class RejectedCallTests
{
    private const string Example = "Write it as one call of a handler, such as (FileTasks t) => t.Digest(path).";
    private const string Compute = "The result does not exist yet. Pass it alone, as ref.Result or refs.Results(), and compute inside the handler or in a task between.";
    private const string Mark = "Mark the method of the class or of its interface with [TaskHandler(\"a.name\")]; where clients have the interface only, mark the interface's method.";
    private const string Serializer = "Mark the type with [GenerateSerializer] and its members with [Id(n)], or pass a type that is.";
    private const string Tests = "FaultTolerance.Client.Tests.Calls";

    private static readonly ObjectRef<Digest> Ref = new(TaskId.New());
    private static readonly ObjectRef<int> Number = new(TaskId.New());
    private static readonly ObjectRef<string> Text = new(TaskId.New());
    private static readonly ObjectRef<Digest>[] Refs = [Ref, new(TaskId.New())];

    [Fact]
    public void A_lambda_that_is_no_call_is_refused()
    {
        Unreadable(t => "x", $"The lambda 't => \"x\"' is not the call of a method. {Example}");
        Unreadable(t => t.Digest("/").Id, $"The lambda 't => t.Digest(\"/\").Id' is not the call of a method. {Example}");
        Unreadable(t => t, $"The lambda 't => t' is not the call of a method. {Example}");
    }

    [Fact]
    public void A_call_of_anything_but_the_handler_is_refused()
    {
        var other = new FileTasks();

        Unreadable(t => FileTasks.Static("/"),
            $"The lambda 't => Static(\"/\")' ends in a call of {Tests}.FileTasks.Static, which is not a method of the lambda's first parameter, {Tests}.FileTasks. {Example}");
        Unreadable(t => other.Digest("/"),
            $"The lambda 't => other.Digest(\"/\")' ends in a call of {Tests}.FileTasks.Digest, which is not a method of the lambda's first parameter, {Tests}.FileTasks. {Example}");
        Unreadable(t => t.DigestTwice("/"),
            $"The lambda 't => t.DigestTwice(\"/\")' ends in a call of {Tests}.FileTasksExtensions.DigestTwice, which is not a method of the lambda's first parameter, {Tests}.FileTasks. {Example}");
    }

    [Fact]
    public void Two_calls_in_a_row_are_refused() => Unreadable(
        t => t.Digest("/").WaitAsync(TimeSpan.Zero),
        "The lambda 't => t.Digest(\"/\").WaitAsync(TimeSpan.Zero)' ends in a call of System.Threading.Tasks.Task<FaultTolerance.Client.Tests.Calls.Digest>.WaitAsync, " +
        $"which is not a method of the lambda's first parameter, {Tests}.FileTasks. {Example}");

    [Fact]
    public void A_call_inside_an_argument_is_refused() => Unreadable(
        t => t.Digest(t.Virtual("/").ToString()!),
        "The argument 'path' of files.digest (FileTasks.Digest) uses the handler itself: 't.Virtual(\"/\").ToString()'. " +
        "The handler exists only on the node. Submit the inner call as a task of its own and pass its reference as ref.Result.");

    [Fact]
    public void A_lambda_with_another_number_of_parameters_is_refused()
    {
        Expression<Func<FileTasks, string, Task<Digest>>> two = (t, path) => t.Digest(path);
        Expression<Func<FileTasks, Task<Digest>>> one = t => t.Digest("/");

        Assert.Equal("The lambda '(t, path) => t.Digest(path)' has 2 parameters where 1 are expected: the handler's class or interface.", Reading.Rejected(two).Message);
        Assert.Equal(
            "The lambda 't => t.Digest(\"/\")' has 1 parameters where 2 are expected: the handler's class or interface, and the item.",
            Assert.Throws<SubmitRejectedException>(() => Reading.Reader.ReadMany(one, null)).Message);
    }

    [Fact]
    public void A_method_without_the_attribute_is_refused()
    {
        Unreadable(t => t.Unmarked("/"), $"{Tests}.FileTasks.Unmarked is not a task handler. {Mark}");
        Assert.Equal($"{Tests}.IFoldTasks.Unmarked is not a task handler. {Mark}", Reading.Rejected((IFoldTasks t) => t.Unmarked(Array.Empty<Digest>())).Message);
        Assert.Equal($"{Tests}.FoldTasks.Unmarked is not a task handler. {Mark}", Reading.Rejected((FoldTasks t) => t.Unmarked(Array.Empty<Digest>())).Message);
    }

    [Fact]
    public void A_method_that_can_be_no_handler_is_refused()
    {
        var path = "/";

        Unreadable(t => t.Typed(5), $"{Tests}.FileTasks.Typed is a generic method, which cannot be a task handler. Give each type a method of its own.");
        Unreadable(t => t.Slice(Array.Empty<byte>()),
            $"The parameter 'bytes' of {Tests}.FileTasks.Slice is System.ReadOnlySpan<System.Byte>, which cannot be sent to another process. Take an array or a list, and return what the caller needs.");
        Unreadable(t => t.Swap(ref path),
            $"The parameter 'path' of {Tests}.FileTasks.Swap is System.String&, which cannot be sent to another process. Take an array or a list, and return what the caller needs.");
    }

    [Fact]
    public void What_is_computed_with_a_result_is_refused()
    {
        Computes(t => t.Digest(Text.Result + "x"), "path", "digest", "Digest", "(RejectedCallTests.Text.Result + \"x\")");
        Computes(t => t.Digest($"{Text.Result}"), "path", "digest", "Digest", "Format(\"{0}\", RejectedCallTests.Text.Result)");
        Computes(t => t.Digest(Ref.Result.Hash), "path", "digest", "Digest", "RejectedCallTests.Ref.Result.Hash");
        Computes(t => t.Add(Number.Result + 1, 0), "one", "add", "Add", "Convert((RejectedCallTests.Number.Result + 1), Int64)");
        Computes(t => t.Merge(new Digest(Text.Result, 1), null!), "one", "merge", "Merge", "new Digest(RejectedCallTests.Text.Result, 1)");
        Computes(t => t.Count(1, Text.Result, "x"), "paths", "count", "Count", "new [] {RejectedCallTests.Text.Result, \"x\"}");
        Computes(t => t.Count(1, Refs.Results().Select(part => part.Hash).ToArray()), "paths", "count", "Count", "RejectedCallTests.Refs.Results().Select(part => part.Hash).ToArray()");
        Computes(t => t.Count(1, Refs.Select(part => part.Result.Hash).ToArray()), "paths", "count", "Count", "RejectedCallTests.Refs.Select(part => part.Result.Hash).ToArray()");
        Computes(t => t.Merge(Refs.Results()[0], null!), "one", "merge", "Merge", "RejectedCallTests.Refs.Results()[0]");
    }

    [Fact]
    public void A_captured_variable_is_named_without_the_object_that_holds_it()
    {
        var local = Text;

        Computes(t => t.Digest(local.Result + "x"), "path", "digest", "Digest", "(local.Result + \"x\")");
    }

    [Fact]
    public void A_result_of_another_type_is_refused()
    {
        Invalid(t => t.Add(Number.Result, 0),
            "The argument 'one' of files.add (FileTasks.Add) takes a System.Int64, but the referenced task gives a System.Int32. " +
            "A result is passed on as it was made: declare the parameter as System.Int32, or convert in a task between.");
        Invalid(t => t.Describe(Text.Result),
            "The argument 'what' of files.describe (FileTasks.Describe) takes a System.Object, but the referenced task gives a System.String. " +
            "A result is passed on as it was made: declare the parameter as System.String, or convert in a task between.");
    }

    [Fact]
    public void Results_of_another_type_are_refused()
    {
        Assert.Equal(
            $"The argument 'parts' of fold.objects (IFoldTasks.FoldObjects) takes a System.Collections.Generic.IEnumerable<System.Object>, but the referenced tasks give {Tests}.Digest[]. " +
            $"Declare the parameter as {Tests}.Digest[] or as IReadOnlyList<{Tests}.Digest>, or convert in tasks between.",
            Reading.Rejected((IFoldTasks t) => t.FoldObjects(Refs.Results())).Message);
        Invalid(t => t.Describe(Refs.Results()),
            $"The argument 'what' of files.describe (FileTasks.Describe) takes a System.Object, but the referenced tasks give {Tests}.Digest[]. " +
            $"Declare the parameter as {Tests}.Digest[] or as IReadOnlyList<{Tests}.Digest>, or convert in tasks between.");
    }

    [Fact]
    public void A_reference_that_came_from_no_submit_is_refused()
    {
        var empty = default(ObjectRef<Digest>);
        ObjectRef<Digest>[]? none = null;

        Unreadable(t => t.Merge(empty.Result, null!),
            "The argument 'one' of files.merge (FileTasks.Merge) takes the result of an empty reference. Pass one that a submit has returned.");
        Assert.Equal(
            "The argument 'parts' of fold.array (IFoldTasks.Fold) takes the results of references that are null. Pass an empty list for no results.",
            Reading.Rejected((IFoldTasks t) => t.Fold(none!.Results())).Message);
    }

    [Fact]
    public void A_token_or_a_context_of_the_callers_own_is_refused()
    {
        using var source = new CancellationTokenSource();
        var token = source.Token;

        Unreadable(t => t.Scan("/", Depth.Deep, token, null, null!),
            "The argument 'cancellationToken' of files.scan (FileTasks.Scan) is 'token', but the node fills in every CancellationToken. Write default, and cancel the task by client.CancelAsync.");
        Unreadable(t => t.Scan("/", Depth.Deep, default, null, Context()),
            "The argument 'context' of files.scan (FileTasks.Scan) is 'Context()', but the node fills in every TaskContext. Write null!.");
    }

    [Fact]
    public void An_argument_that_cannot_be_serialized_is_refused()
    {
        var refused = NotSerializable(t => t.Wrap(new Unserializable("x")),
            $"The argument 'what' of files.wrap (FileTasks.Wrap) is a {Tests}.Unserializable, which cannot be serialized. {Serializer}");
        Assert.Null(refused.InnerException);
        NotSerializable(t => t.WrapMany(new List<Unserializable>()),
            $"The argument 'what' of files.wrapMany (FileTasks.WrapMany) is a System.Collections.Generic.List<{Tests}.Unserializable>, which cannot be serialized. {Serializer}");
    }

    [Fact]
    public void A_value_that_turns_out_not_to_be_serializable_is_refused()
    {
        var refused = NotSerializable(t => t.Describe(new Unserializable("x")),
            $"The argument 'what' of files.describe (FileTasks.Describe), a {Tests}.Unserializable, was not serialized: Could not find a codec for type {Tests}.Unserializable. {Serializer}");
        Assert.NotNull(refused.InnerException);
        NotSerializable(t => t.Post(new Envelope(new Unserializable("x"))),
            $"The argument 'envelope' of files.post (FileTasks.Post), a {Tests}.Envelope, was not serialized: Could not find a codec for type {Tests}.Unserializable. {Serializer}");
    }

    [Fact]
    public void The_result_of_a_type_that_cannot_be_serialized_here_is_passed_all_the_same()
    {
        var reference = new ObjectRef<Unserializable>(TaskId.New());

        Assert.Single(Reading.Call(t => t.Wrap(reference.Result)).Arguments);
    }

    [Fact]
    public void Arguments_over_the_limit_are_refused()
    {
        var reader = new CallReader(new CallPlans(FakeCluster.Serializer), maxPayload: 1_000, maxFanIn: 2);
        var (small, large) = (new string('a', 100), new string('b', 2_000));

        var tooLarge = Assert.Throws<SubmitRejectedException>(() => reader.Read((FileTasks t) => t.Merge(new Digest(small, 1), new Digest(large, 1))));
        Assert.Equal(SubmitRejection.TooLarge, tooLarge.Reason);
        Assert.Equal(
            "The arguments of files.merge (FileTasks.Merge) are 2,115 bytes, more than the 1,000 allowed; the largest is 'other' with 2,008. " +
            "Pass where the data lies instead of the data, split the work, or raise FaultToleranceClientOptions.MaxPayload here and TaskLimits.MaxArguments on the silos.",
            tooLarge.Message);
        Assert.Single(reader.Read((FileTasks t) => t.Digest(small)).Arguments);
    }

    [Fact]
    public void More_results_than_the_limit_are_refused()
    {
        var reader = new CallReader(new CallPlans(FakeCluster.Serializer), maxPayload: 1_000, maxFanIn: 1);

        var refused = Assert.Throws<SubmitRejectedException>(() => reader.Read((IFoldTasks t) => t.Fold(Refs.Results())));

        Assert.Equal(SubmitRejection.TooLarge, refused.Reason);
        Assert.Equal(
            "The argument 'parts' of fold.array (IFoldTasks.Fold) takes the results of more than 1 tasks. " +
            "Combine them in a tree of tasks, or raise FaultToleranceClientOptions.MaxFanIn here and TaskLimits.MaxFanIn on the silos.",
            refused.Message);
    }

    [Fact]
    public void A_handler_whose_result_is_converted_is_refused()
    {
        Expression<Func<FileTasks, object>> call = t => t.Count(1);

        Assert.Equal(
            "The lambda 't => Convert(t.Count(1, new [] {}), Object)' returns System.Object, but the handler returns System.Int32. Leave the type arguments of the submit to the compiler.",
            Reading.Rejected(call).Message);
    }

    [Fact]
    public void The_getters_throw_outside_a_lambda()
    {
        Assert.Equal(
            $"The result of task {Ref.TaskId} was read outside the lambda of a submit. Inside the lambda pass it as ref.Result or refs.Results(); anywhere else await client.GetAsync(ref).",
            Assert.Throws<InvalidOperationException>(() => Ref.Result).Message);
        Assert.Throws<InvalidOperationException>(() => Refs.Results());
        Assert.Throws<InvalidOperationException>(() => Reading.Call(t => t.Digest(Hidden(Text))));
    }

    private static string Hidden(ObjectRef<string> reference) => reference.Result;

    private static TaskContext Context() => throw new NotSupportedException();

    private static void Unreadable<T>(Expression<Func<FileTasks, T>> call, string message) => Refused(call, SubmitRejection.UnreadableCall, message);

    private static void Invalid<T>(Expression<Func<FileTasks, T>> call, string message) => Refused(call, SubmitRejection.InvalidArguments, message);

    private static SubmitRejectedException NotSerializable<T>(Expression<Func<FileTasks, T>> call, string message) =>
        Refused(call, SubmitRejection.NotSerializable, message);

    private static void Computes<T>(Expression<Func<FileTasks, T>> call, string parameter, string handler, string method, string expression) => Unreadable(
        call, $"The argument '{parameter}' of files.{handler} (FileTasks.{method}) computes with the result of a task: '{expression}'. {Compute}");

    private static SubmitRejectedException Refused(LambdaExpression call, SubmitRejection reason, string message)
    {
        var refused = Reading.Rejected(call);
        Assert.Equal(message, refused.Message);
        Assert.Equal(reason, refused.Reason);
        Assert.False(refused.IsRetryable);
        return refused;
    }
}
