using System.Net;
using FaultTolerance.Grains.Actors;
using FaultTolerance.Grains.Execution;
using FaultTolerance.Grains.Gateways;
using FaultTolerance.Grains.History;
using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Orders;
using FaultTolerance.Grains.Recovery;
using FaultTolerance.Grains.Scheduling;
using FaultTolerance.Storage.PostgreSql;
using FaultTolerance.Storage.Sqlite;
using Microsoft.Extensions.Options;

namespace FaultTolerance.Silo;

/// <summary>Finds all that is wrong with what the host was told, before anything starts.</summary>
internal static class StartCheck
{
    /// <summary>The sections below <c>FaultTolerance</c>, and what they are bound to.</summary>
    private static readonly Dictionary<string, Type> Sections = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Tasks"] = typeof(TaskPipelineOptions),
        ["Attempts"] = typeof(AttemptExecutionOptions),
        ["Limits"] = typeof(TaskLimits),
        ["Node"] = typeof(NodeOptions),
        ["Nodes"] = typeof(NodeDetectionOptions),
        ["Recovery"] = typeof(RecoveryOptions),
        ["Quarantine"] = typeof(QuarantineOptions),
        ["Actors"] = typeof(ActorDetectionOptions),
        ["FailureHandlers"] = typeof(FailureHandlerOptions),
        ["Sqlite"] = typeof(SqliteStoreOptions),
        ["PostgreSql"] = typeof(PostgresStoreOptions),
    };

    /// <summary>Reads the host's own settings and finds what is wrong with them.</summary>
    /// <remarks>What cannot be used is set back to its default, so that the host can be built and the rest be checked, too. It is not started then.</remarks>
    public static (SiloSettings Settings, List<string> Faults) Read(IConfigurationSection section)
    {
        var unreadable = UnreadableSettings.Replace(section, typeof(SiloSettings), Sections);
        var settings = section.Get<SiloSettings>() ?? new SiloSettings();
        return (settings, [.. unreadable, .. FindFaults(settings, section)]);
    }

    private static List<string> FindFaults(SiloSettings settings, IConfigurationSection section)
    {
        var faults = new List<string>();
        if (new SiloSettingsValidator().Validate(null, settings) is { Failed: true } invalid)
        {
            faults.AddRange(invalid.Failures);
        }

        var defaults = new SiloSettings();
        settings.Store = Passes(faults, () => StoreSetting.Parse(settings.Store)) ? settings.Store : defaults.Store;
        settings.Address = Passes(faults, () => SiloHost.AddressOf(settings)) ? settings.Address : IPAddress.Loopback.ToString();
        settings.Handlers = Passes(faults, () => HandlerAssemblies.Require(settings.Handlers)) ? settings.Handlers : defaults.Handlers;
        faults.AddRange(PortFaults(settings));
        faults.AddRange(UnknownSettings.Find(section, typeof(SiloSettings), Sections));
        return faults;
    }

    /// <summary>Adds what is wrong with the options of the parts, and throws if anything is wrong at all.</summary>
    /// <exception cref="OptionsValidationException">Something is wrong; it lists everything.</exception>
    public static void Require(IServiceProvider services, List<string> faults)
    {
        try
        {
            services.GetRequiredService<IStartupValidator>().Validate();
        }
        catch (OptionsValidationException exception)
        {
            faults.AddRange(exception.Failures);
        }
        catch (AggregateException exception) when (exception.InnerExceptions.All(inner => inner is OptionsValidationException))
        {
            faults.AddRange(exception.InnerExceptions.SelectMany(inner => ((OptionsValidationException)inner).Failures));
        }

        if (faults.Count > 0)
        {
            throw new OptionsValidationException(nameof(SiloSettings), typeof(SiloSettings), faults);
        }
    }

    private static List<string> PortFaults(SiloSettings settings)
    {
        var faults = new List<string>();
        var address = SiloHost.AddressOf(settings);
        foreach (var served in SiloHost.HttpAddresses(address))
        {
            Passes(faults, () => PortCheck.Require(served, settings.HttpPort, nameof(settings.HttpPort)));
        }

        var isUsable = faults.Count == 0 && settings.HttpPort is >= IPEndPoint.MinPort and <= IPEndPoint.MaxPort;
        settings.HttpPort = isUsable ? settings.HttpPort : 0;
        Passes(faults, () => PortCheck.Require(address, settings.SiloPort, nameof(settings.SiloPort)));
        Passes(faults, () => PortCheck.Require(address, settings.GatewayPort, nameof(settings.GatewayPort)));
        Passes(faults, () => PortCheck.RequireDistinct(settings));
        return faults;
    }

    private static bool Passes(List<string> faults, Action check)
    {
        try
        {
            check();
            return true;
        }
        catch (FaultToleranceException exception)
        {
            faults.Add(exception.Message);
            return false;
        }
    }
}
