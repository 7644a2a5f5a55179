namespace FaultTolerance.Cli.Queries;

/// <summary>What <c>ft lineage</c> shows: one tree in each direction. The fields of its JSON are a contract.</summary>
/// <param name="Id">The task in the middle.</param>
/// <param name="Handler">Its handler's name.</param>
/// <param name="Version">Its handler's version.</param>
/// <param name="Phase">Where it is in its life.</param>
/// <param name="Attempt">The number of its newest attempt.</param>
/// <param name="Upstream">The task as the root of those whose results it takes.</param>
/// <param name="Downstream">The task as the root of those that take its result.</param>
/// <param name="Children">The task as the root of those that its handler submitted.</param>
internal sealed record LineageView(
    string Id, string Handler, int Version, TaskPhase Phase, int Attempt, LineageNode Upstream, LineageNode Downstream, LineageNode Children);
