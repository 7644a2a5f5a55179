namespace FaultTolerance;

/// <summary>A reference to a value that a task makes, usable before the task has finished.</summary>
/// <typeparam name="T">The type of the value.</typeparam>
/// <remarks>
/// Pass it to another task as <c>ref.Result</c> inside the submitting lambda: the other task then starts when this one has
/// finished. A reference is a plain value: it can be stored, sent and used by any client of the cluster.
/// </remarks>
/// <param name="TaskId">The task that makes the value.</param>
/// <param name="Index">Which element of the task's tuple the value is; −1 for the whole result.</param>
[GenerateSerializer, Immutable, Alias("ft.ObjectRef`1")]
public readonly record struct ObjectRef<T>([property: Id(0)] TaskId TaskId, [property: Id(1)] int Index = ObjectRef.Whole) : IObjectRef
{
    /// <summary>Stands for the value inside the lambda of a submit. Never call it anywhere else.</summary>
    /// <exception cref="InvalidOperationException">Always, when it is called outside such a lambda.</exception>
    public T Result => throw ObjectRef.OutsideLambda(TaskId);

    /// <summary>Returns the reference in words, for logs.</summary>
    public override string ToString() => Index == ObjectRef.Whole ? $"{TaskId}" : $"{TaskId}[{Index}]";
}
