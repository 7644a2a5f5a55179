using System.ComponentModel;
using FaultTolerance.Storage.Engines;
using FaultTolerance.Testing.Checking;
using FaultTolerance.Testing.Processes;
using Microsoft.Extensions.Options;
using Npgsql;

namespace FaultTolerance.Cli.Clusters;

/// <summary>Says why a run on a cluster of its own came to an early end, and whether it has left anything to look at.</summary>
internal static class RunFailure
{
    /// <summary>What a person can mend is told in words; null for a defect of ours, whose trace is wanted, and for what has words already.</summary>
    public static string? Explain(Exception exception) => exception switch
    {
        SiloEndedException ended => SiloFailure.Explain(ended),
        StoreException or OptionsValidationException or OutcomeAuditException => exception.Message,
        Win32Exception => $"A silo could not be started: {exception.Message}",
        NpgsqlException => $"PostgreSQL could not be used: {exception.Message}. See that it runs and that --connection names it and a user who may make schemas.",
        IOException => exception.Message,
        _ => null,
    };

    /// <summary>Returns whether anything was written below the run's folder: the first that is are the store's files, or the logs of the silos. A journal without an entry is nothing.</summary>
    public static bool HasLeft(string folder) => new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Any(file => file.Length > 0);
}
