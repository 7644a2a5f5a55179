namespace FaultTolerance;

/// <summary>What is known of the progress that a task's handler has saved, without the progress itself.</summary>
[GenerateSerializer, Immutable, Alias("ft.TaskProgress")]
public sealed record TaskProgress
{
    /// <summary>Gets the number of the attempt that saved it.</summary>
    [Id(0)] public required int Attempt { get; init; }

    /// <summary>Gets when it was saved, in the store's time.</summary>
    [Id(1)] public DateTimeOffset SavedAt { get; init; }

    /// <summary>Gets how many bytes it takes.</summary>
    [Id(2)] public int Size { get; init; }

    /// <summary>Gets the name of the type that it was saved as.</summary>
    [Id(3)] public string Type { get; init; } = "";
}
