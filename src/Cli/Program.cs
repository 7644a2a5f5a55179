using FaultTolerance.Cli;

return await FtCommand.RunAsync(args, Console.Out, Console.Error, (_, _) => Task.FromResult(ExitCodes.Usage));
