using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using FaultTolerance.Cli.Clusters;

namespace FaultTolerance.Cli;

/// <summary>What the options of several commands have in common.</summary>
internal static class CommandOptions
{
    /// <summary>Refuses a number out of bounds, and what is no number, in words.</summary>
    public static void RequireBetween<T>(Option<T> option, int least, int most) => option.Validators.Add(result =>
    {
        if (result.Tokens is not [.., { Value: var text }])
        {
            return;
        }

        if (!int.TryParse(text, CultureInfo.InvariantCulture, out var number))
        {
            result.AddError($"{option.Name} is '{text}'; it must be a number between {least} and {most}.");
        }
        else if (number < least || number > most)
        {
            result.AddError($"{option.Name} is {number}; it must be between {least} and {most}.");
        }
    });

    /// <summary>Refuses what is none of the values of an enum in words, and offers them.</summary>
    public static void RequireChoice<T>(Option option)
        where T : struct, Enum
    {
        option.HelpName = string.Join('|', Enum.GetNames<T>()).ToLowerInvariant();
        option.Validators.Add(result =>
        {
            if (result.Tokens is [.., { Value: var text }] && !Enum.TryParse<T>(text, ignoreCase: true, out _))
            {
                result.AddError($"{option.Name} is '{text}'; it must be {string.Join(" or ", Enum.GetNames<T>()).ToLowerInvariant()}.");
            }
        });
    }

    /// <summary>Returns the store that a command line names, for validators: null where it names none, or none that there is.</summary>
    public static StoreKind? StoreOf(CommandResult result, Option store) =>
        result.GetResult(store)?.Tokens is [.., { Value: var text }] && Enum.TryParse<StoreKind>(text, ignoreCase: true, out var kind) ? kind : null;

    /// <summary>Returns the connection string that the environment holds, for those who do not want it on a command line.</summary>
    public static string? ConnectionFromEnvironment() => Environment.GetEnvironmentVariable(SupervisorLaunch.ConnectionVariable) is { Length: > 0 } text ? text : null;
}
