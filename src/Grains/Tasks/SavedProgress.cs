namespace FaultTolerance.Grains.Tasks;

/// <summary>How far a task has come, as its handler saved it. Stored inline in the row; at most TaskLimits.MaxProgress bytes.</summary>
[GenerateSerializer, Immutable, Alias("ft.SavedProgress")]
internal sealed record SavedProgress
{
    [Id(0)] public required byte[] Value { get; init; }

    /// <summary>The type that it was saved as. Compared before it is read: the bytes alone may be read as another type, into nonsense.</summary>
    [Id(1)] public required string Type { get; init; }

    /// <summary>The attempt that saved it.</summary>
    [Id(2)] public required int Attempt { get; init; }

    [Id(3)] public DateTimeOffset SavedAt { get; init; }
}
