using System.Collections;
using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace FaultTolerance.Samples.Tests;

/// <summary>
/// Runs each call when it is submitted, on the handlers as plain classes. Arguments and results go through the serializer as
/// they do on a cluster, and a result over the payload limit is refused.
/// </summary>
internal sealed class InMemoryClient(int payloadLimit, params object[] handlers) : IFaultToleranceClient
{
    private readonly Serializer _serializer = new ServiceCollection().AddSerializer().BuildServiceProvider().GetRequiredService<Serializer>();
    private readonly Dictionary<TaskId, object> _results = [];

    public Dictionary<string, int> CallsByHandler { get; } = [];

    public SessionId Session { get; } = SessionId.New();

    public async Task<TaskId> SubmitCallAsync(LambdaExpression call, SubmitOptions? options = null, CancellationToken cancellationToken = default) =>
        await RunAsync((MethodCallExpression)call.Body);

    public async Task<IReadOnlyList<TaskId>> SubmitCallsAsync(
        LambdaExpression call, IEnumerable items, SubmitOptions? options = null, CancellationToken cancellationToken = default)
    {
        var ids = new List<TaskId>();
        foreach (var item in items)
        {
            var bound = new Binder(call.Parameters[1], item).Visit(call.Body);
            ids.Add(await RunAsync((MethodCallExpression)bound));
        }

        return ids;
    }

    public Task<T> GetAsync<T>(ObjectRef<T> reference, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        Task.FromResult((T)ValueOf(reference.TaskId, reference.Index));

    public Task<WaitResult> WaitAsync(
        IEnumerable<IObjectRef> references, int count, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        Task.FromResult(new WaitResult([.. references], []));

    public Task<TaskSnapshot?> CancelAsync(TaskId id, string? reason = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public Task<TaskSnapshot?> GetSnapshotAsync(TaskId id, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<TaskHistory?> GetHistoryAsync(TaskId id, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<TaskLineage?> GetLineageAsync(TaskId id, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    private async Task<TaskId> RunAsync(MethodCallExpression call)
    {
        var name = call.Method.GetCustomAttribute<TaskHandlerAttribute>()!.Name;
        CallsByHandler[name] = CallsByHandler.GetValueOrDefault(name) + 1;
        var handler = handlers.Single(h => call.Method.DeclaringType!.IsInstanceOfType(h));
        var arguments = call.Arguments.Select(Evaluate).ToArray();
        var returned = call.Method.Invoke(handler, arguments)!;
        if (returned is Task task)
        {
            await task;
            returned = task.GetType().GetProperty("Result")!.GetValue(task)!;
        }

        var id = TaskId.New();
        _results[id] = Stored(name, returned);
        return id;
    }

    private object Evaluate(Expression argument) => argument.Type == typeof(CancellationToken)
        ? CancellationToken.None
        : Copied(Value(new RefReader(this).Visit(argument)));

    private object Stored(string handler, object result)
    {
        var elements = result is ITuple tuple ? Enumerable.Range(0, tuple.Length).Select(i => tuple[i]!).ToArray() : [result];
        var payloads = elements.Select(element => _serializer.SerializeToArray(element)).ToArray();
        var size = Payloads.PayloadFrame.Join(payloads).Length;
        Assert.True(size <= payloadLimit, $"A result of {handler} takes {size} bytes; the limit is {payloadLimit}.");
        var copies = payloads.Select(payload => _serializer.Deserialize<object>(payload)!).ToArray();
        return result is ITuple ? copies : copies[0];
    }

    private object Copied(object value) => _serializer.Deserialize<object>(_serializer.SerializeToArray(value))!;

    private object ValueOf(TaskId task, int index) => index == ObjectRef.Whole ? _results[task] : ((object[])_results[task])[index];

    private static object Value(Expression expression) =>
        Expression.Lambda<Func<object>>(Expression.Convert(expression, typeof(object))).Compile(preferInterpretation: true)();

    private sealed class Binder(ParameterExpression parameter, object? item) : ExpressionVisitor
    {
        protected override Expression VisitParameter(ParameterExpression node) =>
            node == parameter ? Expression.Constant(item, parameter.Type) : node;
    }

    private sealed class RefReader(InMemoryClient client) : ExpressionVisitor
    {
        private object ValueOf(IObjectRef reference) => client.ValueOf(reference.TaskId, reference.Index);

        protected override Expression VisitMember(MemberExpression node) =>
            node is { Member.Name: "Result", Expression: { } reference } && typeof(IObjectRef).IsAssignableFrom(reference.Type)
                ? Expression.Constant(ValueOf((IObjectRef)Value(reference)), node.Type)
                : base.VisitMember(node);

        protected override Expression VisitMethodCall(MethodCallExpression node)
        {
            if (node.Method.DeclaringType != typeof(ObjectRef))
            {
                return base.VisitMethodCall(node);
            }

            var values = ((IEnumerable)Value(node.Arguments[0])).Cast<IObjectRef>().Select(ValueOf).ToArray();
            var array = Array.CreateInstance(node.Type.GetElementType()!, values.Length);
            values.CopyTo(array, 0);
            return Expression.Constant(array, node.Type);
        }
    }
}
