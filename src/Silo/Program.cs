using FaultTolerance.Silo;

try
{
    await SiloHost.Create(args).RunAsync();
    return 0;
}
catch (Exception exception) when (StartFailure.Describe(exception) is { } message)
{
    await Console.Error.WriteLineAsync(message);
    return StartFailure.ExitCode;
}
