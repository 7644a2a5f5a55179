using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace FaultTolerance.Grains.Tests.History;

/// <summary>A handler of failures that keeps what it is called for, and fails as it is told.</summary>
internal sealed class FakeHandler : IFailureHandler
{
    private readonly List<string> _called = [];

    public IReadOnlyList<string> Called
    {
        get
        {
            lock (_called)
            {
                return [.. _called];
            }
        }
    }

    /// <summary>Gets or sets how many of the next calls throw.</summary>
    public int Failures { get; set; }

    /// <summary>Gets or sets what calls wait for, whatever their token says.</summary>
    public TaskCompletionSource? Hang { get; set; }

    public TaskCompletionSource WasCalled { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Gets the token of the first call.</summary>
    public CancellationToken Token { get; private set; }

    public async Task HandleAsync(IncidentSnapshot incident, CancellationToken cancellationToken)
    {
        lock (_called)
        {
            _called.Add(incident.Key);
            Token = _called.Count == 1 ? cancellationToken : Token;
        }

        WasCalled.TrySetResult();
        await (Hang?.Task ?? Task.CompletedTask);
        if (Failures-- > 0)
        {
            throw new InvalidOperationException("It is broken.");
        }
    }
}

/// <summary>A silo of which only the services are there.</summary>
internal sealed class FakeSiloBuilder : ISiloBuilder
{
    public IServiceCollection Services { get; } = new ServiceCollection();

    public IConfiguration Configuration { get; } = new ConfigurationBuilder().Build();
}
