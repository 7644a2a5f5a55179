using FaultTolerance.Grains.FailureDetection;

namespace FaultTolerance.Grains.Nodes;

/// <summary>What a starting silo thinks of one that Orleans' table shows as working.</summary>
/// <param name="Evidence">On what grounds, in a sentence.</param>
internal readonly record struct StaleSiloVerdict(string Evidence)
{
    /// <summary>Gets a value indicating whether it is dead for sure.</summary>
    public bool IsDead { get; init; }

    /// <summary>Gets the sentence under which the store may end its life; it is dead if the store does.</summary>
    public DeathSentence? Sentence { get; init; }

    /// <summary>Gets a value indicating whether to look again: it may be dead.</summary>
    public bool MayTurnOutDead { get; init; }
}
