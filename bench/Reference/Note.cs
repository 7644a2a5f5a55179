namespace FaultTolerance.Bench.Reference;

/// <summary>What <see cref="NoteGrain"/> stores.</summary>
[GenerateSerializer, Alias("bench.Note")]
internal sealed class Note
{
    /// <summary>The number.</summary>
    [Id(0)] public int Number { get; set; }
}
