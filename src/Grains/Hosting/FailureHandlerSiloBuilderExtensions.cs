using FaultTolerance.Grains.History;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace FaultTolerance;

/// <summary>Adds handlers of failures to a silo.</summary>
public static class FailureHandlerSiloBuilderExtensions
{
    /// <summary>Adds a handler of failures under its type's name.</summary>
    /// <remarks>Add it to every silo: any of them may be the one that calls it.</remarks>
    /// <typeparam name="THandler">The handler: one instance a silo, with its dependencies injected.</typeparam>
    /// <param name="silo">The silo.</param>
    /// <param name="entities">Which things' failures it is called for; all when none is given.</param>
    public static ISiloBuilder AddFailureHandler<THandler>(this ISiloBuilder silo, params FailedEntity[] entities)
        where THandler : class, IFailureHandler => silo.AddFailureHandler<THandler>(typeof(THandler).FullName!, entities);

    /// <summary>Adds a handler of failures under a name of its own, so that its type may be renamed.</summary>
    /// <remarks>Under another name it counts as another handler, which is called for what the former one has dealt with.</remarks>
    /// <typeparam name="THandler">The handler: one instance a silo, with its dependencies injected.</typeparam>
    /// <param name="silo">The silo.</param>
    /// <param name="name">The name under which incidents say how far it has come.</param>
    /// <param name="entities">Which things' failures it is called for; all when none is given.</param>
    /// <exception cref="ArgumentException">Another handler has this name.</exception>
    public static ISiloBuilder AddFailureHandler<THandler>(this ISiloBuilder silo, string name, params FailedEntity[] entities)
        where THandler : class, IFailureHandler
    {
        ArgumentNullException.ThrowIfNull(silo);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(entities);
        if (silo.Services.Any(service => service.ImplementationInstance is FailureHandlerEntry other && other.Name == name))
        {
            throw new ArgumentException($"A failure handler with the name {name} is there already. Give this one another name.", nameof(name));
        }

        silo.Services.TryAddSingleton<THandler>();
        silo.Services.AddSingleton(new FailureHandlerEntry(name, [.. entities], services => services.GetRequiredService<THandler>()));
        return silo;
    }
}
