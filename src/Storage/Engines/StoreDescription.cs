namespace FaultTolerance.Storage.Engines;

/// <summary>What a store says of itself once it is open.</summary>
/// <param name="Engine">The engine's name and version.</param>
/// <param name="Location">Where the data lies, without secrets.</param>
/// <param name="SchemaVersion">The version of the tables.</param>
/// <param name="Durability">The settings that decide what survives a crash, by name, as read back from the database.</param>
public sealed record StoreDescription(string Engine, string Location, int SchemaVersion, IReadOnlyDictionary<string, string> Durability)
{
    /// <summary>Gets a value indicating whether processes of one machine alone can open the store: then no node can join from elsewhere while this machine has lost it.</summary>
    public bool IsOfOneMachine { get; init; }
}
