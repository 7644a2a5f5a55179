namespace FaultTolerance.Bench.Handlers;

/// <summary>The work that is measured: none, so that only a task's way costs anything.</summary>
public sealed class BenchTasks
{
    /// <summary>Gives the number back, so that each result can be checked.</summary>
    [TaskHandler("bench.echo")]
    public int Echo(int number) => number;
}
