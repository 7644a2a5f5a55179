using System.ComponentModel;
using System.Diagnostics;

namespace FaultTolerance.Testing.Networks;

/// <summary>Runs the programs that change the kernel's networks.</summary>
internal static class NetworkCommands
{
    /// <summary>Runs lines of a shell, up to the first that fails.</summary>
    /// <returns>What they have written.</returns>
    /// <exception cref="NetworkUnavailableException">One has failed; it holds what was said, and the remedy.</exception>
    public static async Task<string> RunAsync(string script)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-e", "-c", $"PATH=$PATH:/usr/sbin:/sbin\n{script}"])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        try
        {
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync();
            var output = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            if (process.ExitCode != 0)
            {
                throw new NetworkUnavailableException(await errors);
            }

            return output;
        }
        catch (Win32Exception exception)
        {
            throw new NetworkUnavailableException(exception.Message, exception);
        }
    }

    /// <summary>Puts rules in force in a namespace.</summary>
    public static Task ApplyAsync(string networkNamespace, string rules) =>
        RunAsync($"nsenter --net={PathOf(networkNamespace)} nft -f - <<'RULES'\n{rules}RULES");

    /// <summary>Returns a table of a namespace as it stands, with what its rules have counted.</summary>
    public static Task<string> ListAsync(string networkNamespace, string table) =>
        RunAsync($"nsenter --net={PathOf(networkNamespace)} nft list table ip {table}");

    /// <summary>Returns the file that stands for a namespace.</summary>
    public static string PathOf(string networkNamespace) => $"/run/netns/{networkNamespace}";
}
