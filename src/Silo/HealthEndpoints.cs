using Microsoft.AspNetCore.Diagnostics.HealthChecks;

namespace FaultTolerance.Silo;

/// <summary>Serves what container platforms ask for: whether the node works, and whether its process should be started again.</summary>
/// <remarks>One check each, and never both: an outage of the store must not have every silo started again.</remarks>
internal static class HealthEndpoints
{
    private const string Node = "node";
    private const string Life = "life";

    public static void AddChecks(IServiceCollection services) =>
        services.AddHealthChecks().AddCheck<NodeHealthCheck>(Node).AddCheck<NodeLifeCheck>(Life);

    public static void Map(WebApplication app)
    {
        app.MapHealthChecks("/health", Only(Node));
        app.MapHealthChecks("/health/live", Only(Life));
    }

    private static HealthCheckOptions Only(string check) =>
        new() { Predicate = registered => registered.Name == check, ResponseWriter = HealthReply.WriteAsync };
}
