using FaultTolerance.Testing.Chaos;
using FaultTolerance.Testing.Checking;
using FaultTolerance.Testing.Journals;
using Orleans.Serialization;

namespace FaultTolerance.Cli.Chaos;

/// <summary>A cluster as a chaos run needs it.</summary>
/// <param name="Site">To which faults are done.</param>
/// <param name="Client">Through which the load goes.</param>
/// <param name="Journal">What the client was told to be safe.</param>
/// <param name="Audit">What counts outcomes.</param>
/// <param name="Serializer">Reads histories.</param>
internal sealed record ChaosGround(IChaosSite Site, IFaultToleranceClient Client, ClientJournal Journal, IOutcomeAudit Audit, Serializer Serializer);
