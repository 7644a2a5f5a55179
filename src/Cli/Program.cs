using FaultTolerance.Cli;
using FaultTolerance.Cli.Demo;

return await FtCommand.RunAsync(args, Console.Out, Console.Error, new DemoProgram(Console.Out, Console.Error, TimeProvider.System).RunAsync);
