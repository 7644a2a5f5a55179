namespace FaultTolerance;

/// <summary>An <see cref="ObjectRef{T}"/> of some type.</summary>
public interface IObjectRef
{
    /// <summary>Gets the task that makes the value.</summary>
    TaskId TaskId { get; }

    /// <summary>Gets which element of the task's tuple the value is; −1 for the whole result.</summary>
    int Index { get; }
}
