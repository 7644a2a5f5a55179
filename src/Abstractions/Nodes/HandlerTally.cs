namespace FaultTolerance;

/// <summary>How the attempts of one handler have ended on one node, counted since the node joined.</summary>
/// <param name="Handler">The handler as <c>name@version</c>.</param>
/// <param name="Succeeded">How many succeeded.</param>
/// <param name="Failed">How many failed by their own doing: an exception, a timeout, a result that cannot be stored. What was cancelled or moved away counts as neither.</param>
[GenerateSerializer, Immutable, Alias("ft.HandlerTally")]
public readonly record struct HandlerTally([property: Id(0)] string Handler, [property: Id(1)] long Succeeded, [property: Id(2)] long Failed)
{
    /// <summary>Gets how many attempts were counted.</summary>
    public long Total => Succeeded + Failed;
}
