using System.Globalization;
using FaultTolerance;
using FaultTolerance.FakeSilo;
using FaultTolerance.Silo;

// FakeSilo <what to do> [value] ... --die-with-parent PID, or: FakeSilo parent <folder of pipes>
if (args is ["parent", var pipes])
{
    return await FakeParent.RunAsync(pipes);
}

try
{
    ParentWatch.DieWithParent(int.Parse(args[^1], CultureInfo.InvariantCulture));
}
catch (FaultToleranceException)
{
    return 3;
}

using var silo = new FakeSilo(Console.Out, Console.Error, Console.OpenStandardInput());
return await silo.RunAsync(args[..^2]);
