using System.Globalization;
using FaultTolerance.FakeSilo;
using FaultTolerance.Silo.Parents;

// FakeSilo <what to do> [value] ... --die-with-parent PID, or: FakeSilo parent <folder of pipes>
if (args is ["parent", var pipes])
{
    return await FakeParent.RunAsync(pipes);
}

if (!ParentProcess.TryDieWith(int.Parse(args[^1], CultureInfo.InvariantCulture)))
{
    return 3;
}

using var silo = new FakeSilo(Console.Out, Console.Error, Console.OpenStandardInput());
return await silo.RunAsync(args[..^2]);
