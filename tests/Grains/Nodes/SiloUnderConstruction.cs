using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;

namespace FaultTolerance.Grains.Tests.Nodes;

/// <summary>A silo that is described and never built.</summary>
internal sealed class SiloUnderConstruction(IConfiguration configuration) : ISiloBuilder
{
    public IServiceCollection Services { get; } = new ServiceCollection();

    public IConfiguration Configuration => configuration;
}
