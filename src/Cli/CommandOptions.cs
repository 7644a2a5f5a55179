using System.CommandLine;
using System.Globalization;
using FaultTolerance.Cli.Clusters;

namespace FaultTolerance.Cli;

/// <summary>What the options of several commands have in common.</summary>
internal static class CommandOptions
{
    /// <summary>Refuses a number out of bounds in words.</summary>
    public static void RequireBetween<T>(Option<T> option, int least, int most) => option.Validators.Add(result =>
    {
        if (int.TryParse(result.Tokens is [.., var last] ? last.Value : null, CultureInfo.InvariantCulture, out var number) && (number < least || number > most))
        {
            result.AddError($"{option.Name} is {number}; it must be between {least} and {most}.");
        }
    });

    /// <summary>Returns the connection string that the environment holds, for those who do not want it on a command line.</summary>
    public static string? ConnectionFromEnvironment() => Environment.GetEnvironmentVariable(SupervisorLaunch.ConnectionVariable) is { Length: > 0 } text ? text : null;
}
