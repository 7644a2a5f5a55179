namespace FaultTolerance.Grains.Nodes;

/// <summary>Whether a node that cannot reach the store may go on past its lease.</summary>
/// <param name="MayGoOn">Whether it may.</param>
/// <param name="Reason">Why, in a sentence.</param>
internal readonly record struct OutageFinding(bool MayGoOn, string Reason);
