using FaultTolerance.Storage.Nodes;

namespace FaultTolerance.Testing.Chaos;

/// <summary>Judges each death of a run once, whenever it comes: a fault explains it, or it is a false one.</summary>
/// <remarks>A fault explains deaths until the cluster is whole again: whoever has outlived it so far has outlived it.</remarks>
internal sealed class ChaosDeaths
{
    private readonly HashSet<NodeIncarnation> _judged = [];
    private IReadOnlyCollection<string> _mayDie = [];
    private DateTimeOffset _healed;

    /// <summary>Takes note of the deaths before the first fault, which are not judged.</summary>
    public void Begin(IEnumerable<NodeRow> lives) => _judged.UnionWith(DeadOf(lives));

    /// <summary>Has a fault explain deaths from now on.</summary>
    /// <param name="mayDie">The nodes whose deaths it explains.</param>
    /// <param name="healed">When it was healed: it explains no death of a life that began later.</param>
    public void Explain(IReadOnlyCollection<string> mayDie, DateTimeOffset healed) => (_mayDie, _healed) = (mayDie, healed);

    /// <summary>Has nothing explain a death any more.</summary>
    public void ExplainNone() => _mayDie = [];

    /// <summary>Judges the deaths that have not been judged yet.</summary>
    /// <returns>The nodes that were declared dead although nothing explains it.</returns>
    public IReadOnlyList<string> Judge(IReadOnlyList<NodeRow> lives)
    {
        var found = ChaosVerdict.FalseDeaths(_judged, lives, _mayDie, _healed);
        _judged.UnionWith(DeadOf(lives));
        return found;
    }

    private static IEnumerable<NodeIncarnation> DeadOf(IEnumerable<NodeRow> lives) =>
        lives.Where(life => life.Phase == NodePhase.Dead).Select(life => life.Incarnation);
}
