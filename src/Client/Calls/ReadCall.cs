using FaultTolerance.Gateways;

namespace FaultTolerance.Calls;

/// <summary>A lambda that was read: which handler, with which arguments.</summary>
internal readonly record struct ReadCall(CallPlan Plan, IReadOnlyList<TaskArgument> Arguments, int Size);
