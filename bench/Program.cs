using System.CommandLine;
using FaultTolerance.Bench;
using FaultTolerance.Bench.Detectors;
using FaultTolerance.Bench.Recoveries;
using FaultTolerance.Bench.Reference;

if (args is [ReferenceSilo.Command, .. var ports])
{
    return await ReferenceSilo.RunAsync(ports);
}

if (args is [PlainSilo.Command, .. var place])
{
    return await PlainSilo.RunAsync(place);
}

var command = BenchCommand.Create((options, cancellationToken) => new BenchRun(options, Console.Out, Console.Error).RunAsync(cancellationToken));
command.Add(RecoveryCommand.Create((options, cancellationToken) => new RecoveryRun(options, Console.Out, Console.Error).RunAsync(cancellationToken)));
command.Add(DetectorCommand.Create((options, cancellationToken) => new DetectorRun(options, Console.Out, Console.Error).RunAsync(cancellationToken)));
var parsed = command.Parse(args);
if (parsed.Errors.Count > 0)
{
    foreach (var error in parsed.Errors)
    {
        await Console.Error.WriteLineAsync(error.Message);
    }

    return 2;
}

try
{
    return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromSeconds(20) });
}
catch (BenchException exception)
{
    await Console.Error.WriteLineAsync(exception.Message);
    return 2;
}
catch (OperationCanceledException)
{
    await Console.Error.WriteLineAsync("Interrupted.");
    return 130;
}
