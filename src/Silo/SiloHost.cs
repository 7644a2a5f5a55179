using System.Net;
using System.Net.Sockets;
using FaultTolerance.Grains.Telemetry;
using FaultTolerance.Storage.PostgreSql;
using FaultTolerance.Storage.Sqlite;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Serialization;

namespace FaultTolerance.Silo;

/// <summary>Builds the host that users deploy.</summary>
internal static class SiloHost
{
    /// <summary>The switches that have a name of their own. Every other setting is given as <c>--FaultTolerance:NAME VALUE</c>.</summary>
    private static readonly Dictionary<string, string> Switches = new()
    {
        ["--die-with-parent"] = $"{FaultToleranceSiloBuilderExtensions.ConfigurationSection}:{nameof(SiloSettings.Parent)}",
    };

    /// <summary>Builds a silo from its settings.</summary>
    /// <exception cref="OptionsValidationException">Settings are not valid; it lists all that is wrong and how to mend it.</exception>
    /// <exception cref="FaultToleranceException">A handler assembly cannot be used.</exception>
    public static WebApplication Create(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddCommandLine(args, Switches);
        var section = builder.Configuration.GetSection(FaultToleranceSiloBuilderExtensions.ConfigurationSection);
        var (settings, faults) = StartCheck.Read(section);
        var hasStarted = new TaskCompletionSource();
        AddLogging(builder.Logging, hasStarted.Task);
        if (settings.Parent is { } parent)
        {
            LiveWith(parent, builder);
        }

        builder.Host.UseOrleans((_, silo) => Configure(silo, settings));
        SiloTelemetry.Add(builder, settings);
        HealthEndpoints.AddChecks(builder.Services);
        builder.WebHost.UseUrls([.. HttpAddresses(AddressOf(settings)).Select(address => $"http://{new IPEndPoint(address, settings.HttpPort)}")]);
        var app = builder.Build();
        StartCheck.Require(app.Services, faults);
        app.Lifetime.ApplicationStarted.Register(hasStarted.SetResult);
        HealthEndpoints.Map(app);
        app.MapPrometheusScrapingEndpoint("/metrics");
        return app;
    }

    private static void AddLogging(ILoggingBuilder logging, Task started)
    {
        // What the libraries below say in the ordinary course tells an operator nothing; appsettings.json can ask for it.
        logging.AddFilter("Orleans", LogLevel.Warning).AddFilter("Polly", LogLevel.Warning).AddFilter("Microsoft", LogLevel.Warning);

        // A start that fails is told once, by the program, in words. Each of these would tell it too, with a stack trace.
        foreach (var category in (string[])["Microsoft.Extensions.Hosting.Internal.Host", "Orleans.Runtime.Silo", "Orleans.Runtime.SiloLifecycleSubject"])
        {
            logging.AddFilter(category, level => started.IsCompleted && level >= LogLevel.Warning);
        }

        logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "HH:mm:ss.fff ";
            console.UseUtcTimestamp = true;
        });
    }

    /// <summary>Ties the silo to the process that drives it: they end together, and standard output belongs to the events.</summary>
    private static void LiveWith(int parent, WebApplicationBuilder builder)
    {
        ParentWatch.DieWithParent(parent);
        builder.Services.AddHostedService<ParentWatch>();
        builder.Services.AddSingleton<IClusterEvents>(services => new JsonEvents(Console.Out, services.GetRequiredService<IHostApplicationLifetime>()));
        builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    }

    private static void Configure(ISiloBuilder silo, SiloSettings settings)
    {
        var store = StoreSetting.Parse(settings.Store);
        var address = AddressOf(settings);
        var section = silo.Configuration.GetSection(FaultToleranceSiloBuilderExtensions.ConfigurationSection);
        if (store.IsSqlite)
        {
            silo.UseFaultToleranceSqlite(options =>
            {
                section.GetSection("Sqlite").Bind(options);
                options.Folder = store.Location;
            });
        }
        else
        {
            silo.UseFaultTolerancePostgreSql(options =>
            {
                section.GetSection("PostgreSql").Bind(options);
                options.ConnectionString = store.Location;
            });
        }

        silo.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (settings.ClusterId, settings.ServiceId));
        silo.Configure<SiloOptions>(options => options.SiloName = settings.Name);
        silo.ConfigureEndpoints(address, settings.SiloPort, settings.GatewayPort);
        silo.AddFaultTolerance();
        foreach (var assembly in HandlerAssemblies.Load(settings.Handlers))
        {
            silo.AddTaskHandlers(handlers => handlers.AddAssembly(assembly));
            silo.Services.AddSerializer(serializer => serializer.AddAssembly(assembly));
        }
    }

    /// <summary>Returns the address under which others reach this silo.</summary>
    /// <exception cref="FaultToleranceException">The setting is no IP address, or there is none and the machine's name has none either.</exception>
    public static IPAddress AddressOf(SiloSettings settings)
    {
        if (settings.Address is not null)
        {
            return IPAddress.TryParse(settings.Address, out var given)
                ? given
                : throw new FaultToleranceException($"FaultTolerance:Address is '{settings.Address}', which is no IP address.");
        }

        return StoreSetting.Parse(settings.Store).IsSqlite ? IPAddress.Loopback : AddressOfMachine();
    }

    /// <summary>Returns where health and metrics are served: to others under the silo's address, and to what looks after it on this machine under <c>localhost</c>.</summary>
    public static IReadOnlyList<IPAddress> HttpAddresses(IPAddress address)
    {
        var loopback = address.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Loopback : IPAddress.Loopback;
        var isEvery = address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);
        return isEvery || address.Equals(loopback) ? [address] : [address, loopback];
    }

    private static IPAddress AddressOfMachine()
    {
        try
        {
            return Dns.GetHostAddresses(Dns.GetHostName(), AddressFamily.InterNetwork).FirstOrDefault() ?? IPAddress.Loopback;
        }
        catch (SocketException exception)
        {
            throw new FaultToleranceException(
                $"The name of this machine has no address: {exception.Message}. Set FaultTolerance:Address to the IP address under which other silos reach this one.", exception);
        }
    }
}
