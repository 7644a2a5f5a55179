namespace FaultTolerance.Grains.Execution;

/// <summary>Makes clients whose submits are children of a task.</summary>
internal interface IChildClients
{
    IFaultToleranceClient For(TaskId parent);
}
