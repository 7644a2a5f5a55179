namespace FaultTolerance;

/// <summary>A handler's progress cannot be written or read as the type that was asked for. What was saved is still there.</summary>
[GenerateSerializer, Alias("ft.ProgressTypeException")]
public sealed class ProgressTypeException : FaultToleranceException
{
    /// <summary>Creates the exception with what is wrong and how to mend it.</summary>
    public ProgressTypeException(TaskId taskId, string askedType, string? savedType, string message, Exception? inner = null)
        : base(message, inner) => (TaskId, AskedType, SavedType) = (taskId, askedType, savedType);

    /// <summary>Gets the task.</summary>
    [Id(0)] public TaskId TaskId { get; }

    /// <summary>Gets the type that the handler asked for.</summary>
    [Id(1)] public string AskedType { get; }

    /// <summary>Gets the type that the progress was saved as; null where it was to be saved.</summary>
    [Id(2)] public string? SavedType { get; }
}
