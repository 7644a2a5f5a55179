using FaultTolerance.Silo;

try
{
    await SiloRun.RunAsync(SiloHost.Create(args));
    return 0;
}
catch (Exception exception) when (StartFailure.Describe(exception) is { } message)
{
    await Console.Error.WriteLineAsync(message);
    return StartFailure.ExitCode;
}
