namespace FaultTolerance.Cli.Live;

/// <summary>What the view shows of a node.</summary>
/// <param name="Name">The node's name.</param>
/// <param name="State">Its state in one word: a phase of its life, or what the demo did to it.</param>
/// <param name="ProcessId">The id of its process.</param>
/// <param name="Running">How many attempts it runs, as the store has it.</param>
internal readonly record struct NodeLine(string Name, string State, int ProcessId, long Running);
