using System.Linq.Expressions;

namespace FaultTolerance;

/// <summary>Typed submits and waits over an <see cref="IFaultToleranceClient"/>.</summary>
public static class FaultToleranceClientExtensions
{
    /// <summary>Submits a call of an asynchronous handler: <c>client.SubmitAsync((FileTasks t) => t.Digest(path))</c>.</summary>
    public static async Task<ObjectRef<T>> SubmitAsync<THandler, T>(
        this IFaultToleranceClient client, Expression<Func<THandler, Task<T>>> call, SubmitOptions? options = null, CancellationToken cancellationToken = default) =>
        new(await client.SubmitCallAsync(call, options, cancellationToken));

    /// <summary>Submits a call of an asynchronous handler.</summary>
    public static async Task<ObjectRef<T>> SubmitAsync<THandler, T>(
        this IFaultToleranceClient client, Expression<Func<THandler, ValueTask<T>>> call, SubmitOptions? options = null, CancellationToken cancellationToken = default) =>
        new(await client.SubmitCallAsync(call, options, cancellationToken));

    /// <summary>Submits a call of a synchronous handler.</summary>
    public static async Task<ObjectRef<T>> SubmitAsync<THandler, T>(
        this IFaultToleranceClient client, Expression<Func<THandler, T>> call, SubmitOptions? options = null, CancellationToken cancellationToken = default) =>
        new(await client.SubmitCallAsync(call, options, cancellationToken));

    /// <summary>Submits a call of an asynchronous handler without a result.</summary>
    public static async Task<ObjectRef<NoResult>> SubmitAsync<THandler>(
        this IFaultToleranceClient client, Expression<Func<THandler, Task>> call, SubmitOptions? options = null, CancellationToken cancellationToken = default) =>
        new(await client.SubmitCallAsync(call, options, cancellationToken));

    /// <summary>Submits a call of an asynchronous handler without a result.</summary>
    public static async Task<ObjectRef<NoResult>> SubmitAsync<THandler>(
        this IFaultToleranceClient client, Expression<Func<THandler, ValueTask>> call, SubmitOptions? options = null, CancellationToken cancellationToken = default) =>
        new(await client.SubmitCallAsync(call, options, cancellationToken));

    /// <summary>Submits a call of a handler without a result.</summary>
    public static async Task<ObjectRef<NoResult>> SubmitAsync<THandler>(
        this IFaultToleranceClient client, Expression<Action<THandler>> call, SubmitOptions? options = null, CancellationToken cancellationToken = default) =>
        new(await client.SubmitCallAsync(call, options, cancellationToken));

    /// <summary>Submits a call of a handler with two results; each can be used and waited for by itself.</summary>
    public static async Task<(ObjectRef<T1> First, ObjectRef<T2> Second)> SubmitAsync<THandler, T1, T2>(
        this IFaultToleranceClient client, Expression<Func<THandler, Task<(T1, T2)>>> call, SubmitOptions? options = null, CancellationToken cancellationToken = default)
    {
        var id = await client.SubmitCallAsync(call, options, cancellationToken);
        return (new(id, 0), new(id, 1));
    }

    /// <summary>Submits a call of a handler with three results; each can be used and waited for by itself.</summary>
    public static async Task<(ObjectRef<T1> First, ObjectRef<T2> Second, ObjectRef<T3> Third)> SubmitAsync<THandler, T1, T2, T3>(
        this IFaultToleranceClient client, Expression<Func<THandler, Task<(T1, T2, T3)>>> call, SubmitOptions? options = null, CancellationToken cancellationToken = default)
    {
        var id = await client.SubmitCallAsync(call, options, cancellationToken);
        return (new(id, 0), new(id, 1), new(id, 2));
    }

    /// <summary>Submits one call for each item: <c>client.SubmitManyAsync((FileTasks t, string p) => t.Digest(p), paths)</c>.</summary>
    public static async Task<IReadOnlyList<ObjectRef<T>>> SubmitManyAsync<THandler, TItem, T>(
        this IFaultToleranceClient client, Expression<Func<THandler, TItem, Task<T>>> call, IEnumerable<TItem> items, SubmitOptions? options = null, CancellationToken cancellationToken = default) =>
        References<T>(await client.SubmitCallsAsync(call, items, options, cancellationToken));

    /// <summary>Submits one call of an asynchronous handler for each item.</summary>
    public static async Task<IReadOnlyList<ObjectRef<T>>> SubmitManyAsync<THandler, TItem, T>(
        this IFaultToleranceClient client, Expression<Func<THandler, TItem, ValueTask<T>>> call, IEnumerable<TItem> items, SubmitOptions? options = null, CancellationToken cancellationToken = default) =>
        References<T>(await client.SubmitCallsAsync(call, items, options, cancellationToken));

    /// <summary>Submits one call of a synchronous handler for each item.</summary>
    public static async Task<IReadOnlyList<ObjectRef<T>>> SubmitManyAsync<THandler, TItem, T>(
        this IFaultToleranceClient client, Expression<Func<THandler, TItem, T>> call, IEnumerable<TItem> items, SubmitOptions? options = null, CancellationToken cancellationToken = default) =>
        References<T>(await client.SubmitCallsAsync(call, items, options, cancellationToken));

    /// <summary>Submits one call of a handler without a result for each item.</summary>
    public static async Task<IReadOnlyList<ObjectRef<NoResult>>> SubmitManyAsync<THandler, TItem>(
        this IFaultToleranceClient client, Expression<Func<THandler, TItem, Task>> call, IEnumerable<TItem> items, SubmitOptions? options = null, CancellationToken cancellationToken = default) =>
        References<NoResult>(await client.SubmitCallsAsync(call, items, options, cancellationToken));

    /// <summary>Submits one call of an asynchronous handler without a result for each item.</summary>
    public static async Task<IReadOnlyList<ObjectRef<NoResult>>> SubmitManyAsync<THandler, TItem>(
        this IFaultToleranceClient client, Expression<Func<THandler, TItem, ValueTask>> call, IEnumerable<TItem> items, SubmitOptions? options = null, CancellationToken cancellationToken = default) =>
        References<NoResult>(await client.SubmitCallsAsync(call, items, options, cancellationToken));

    /// <summary>Submits one call of a synchronous handler without a result for each item.</summary>
    public static async Task<IReadOnlyList<ObjectRef<NoResult>>> SubmitManyAsync<THandler, TItem>(
        this IFaultToleranceClient client, Expression<Action<THandler, TItem>> call, IEnumerable<TItem> items, SubmitOptions? options = null, CancellationToken cancellationToken = default) =>
        References<NoResult>(await client.SubmitCallsAsync(call, items, options, cancellationToken));

    /// <summary>Waits for all values, in order. The first task to fail ends the wait with its failure; the others go on.</summary>
    public static async Task<IReadOnlyList<T>> GetAllAsync<T>(
        this IFaultToleranceClient client, IEnumerable<ObjectRef<T>> references, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var gets = references.Select(r => client.GetAsync(r, timeout, stop.Token)).ToList();
        try
        {
            await foreach (var get in Task.WhenEach(gets))
            {
                await get;
            }
        }
        catch
        {
            await stop.CancelAsync();
            throw;
        }

        return await Task.WhenAll(gets);
    }

    /// <summary>Waits until one of the tasks has ended, in whatever way.</summary>
    public static Task<WaitResult> WaitAnyAsync(
        this IFaultToleranceClient client, IEnumerable<IObjectRef> references, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        client.WaitAsync(references, 1, timeout, cancellationToken);

    /// <summary>Waits until all of the tasks have ended, in whatever way.</summary>
    public static Task<WaitResult> WaitAllAsync(
        this IFaultToleranceClient client, IEnumerable<IObjectRef> references, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        var all = references.ToList();
        return client.WaitAsync(all, all.Count, timeout, cancellationToken);
    }

    private static IReadOnlyList<ObjectRef<T>> References<T>(IReadOnlyList<TaskId> ids) => [.. ids.Select(id => new ObjectRef<T>(id))];
}
