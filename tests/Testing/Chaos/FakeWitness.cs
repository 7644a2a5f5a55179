using FaultTolerance.Testing.Chaos;

namespace FaultTolerance.Testing.Tests.Chaos;

/// <summary>A witness that notes what it is told, and has something happen after a fault.</summary>
internal sealed class FakeWitness : IChaosWitness
{
    private readonly List<string> _falseDeaths = [];

    /// <summary>Gets the false deaths that it was told of.</summary>
    public IReadOnlyList<string> FalseDeaths => _falseDeaths;

    /// <summary>Gets or sets what happens once a fault, by its number, is over.</summary>
    public Action<int> AfterFault { get; set; } = static _ => { };

    public void OnStruck(ChaosFault fault, IReadOnlyList<string> nodes)
    {
    }

    public void OnFalseDeath(string node) => _falseDeaths.Add(node);

    public void OnEnded(ChaosRecord record) => AfterFault(record.Fault.Number);
}
