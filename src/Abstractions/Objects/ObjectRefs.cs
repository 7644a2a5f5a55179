namespace FaultTolerance;

/// <summary>What references of every type share.</summary>
public static class ObjectRef
{
    /// <summary>The index of a reference to a task's whole result.</summary>
    public const int Whole = -1;

    /// <summary>Stands for the values of all references, in their order, inside the lambda of a submit.</summary>
    /// <exception cref="InvalidOperationException">Always, when it is called outside such a lambda.</exception>
    public static T[] Results<T>(this IEnumerable<ObjectRef<T>> refs) =>
        throw OutsideLambda(refs.Select(r => r.TaskId).FirstOrDefault());

    internal static InvalidOperationException OutsideLambda(TaskId id) => new(
        $"The result of task {id} was read outside the lambda of a submit. Inside the lambda pass it as ref.Result or " +
        "refs.Results(); anywhere else await client.GetAsync(ref).");
}
