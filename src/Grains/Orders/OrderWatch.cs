using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Telemetry;
using FaultTolerance.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FaultTolerance.Grains.Orders;

/// <summary>Looks for orders to this node, and has it carry them out: when told that there is one, and now and then by itself.</summary>
internal sealed partial class OrderWatch : ILifecycleParticipant<ISiloLifecycle>, IAsyncDisposable
{
    private readonly IDurableStore _store;
    private readonly NodeOrders _orders;
    private readonly NodeAgent _agent;
    private readonly LocalNode _self;
    private readonly NodeDetectionOptions _options;
    private readonly IHostApplicationLifetime? _host;
    private readonly ILogger _logger;
    private readonly PeriodicLoop _looks;
    private Task _leaving = Task.CompletedTask;

    public OrderWatch(
        IDurableStore store,
        NodeOrders orders,
        NodeAgent agent,
        LocalNode self,
        IOptions<NodeDetectionOptions> options,
        IServiceProvider services,
        TimeProvider timeProvider,
        ILogger<OrderWatch> logger)
    {
        (_store, _orders, _agent, _self, _options, _logger) = (store, orders, agent, self, options.Value, logger);
        _host = services.GetService<IHostApplicationLifetime>(); // a silo in a test cluster may have none
        _looks = new PeriodicLoop(_options.PacemakerInterval, LookAsync, LogLookFailed, timeProvider);
    }

    /// <summary>Holds the node back before it takes work, until it has looked once; stops when the node begins to leave.</summary>
    /// <remarks>A new life of a node that is in quarantine must not take work before it has found that out.</remarks>
    public void Participate(ISiloLifecycle observer)
    {
        observer.Subscribe(nameof(OrderWatch), NodeStages.Watch, _ =>
        {
            _agent.HoldBack();
            return Task.CompletedTask;
        });
        observer.Subscribe(
            nameof(OrderWatch),
            NodeStages.Work + 1,
            _ =>
            {
                _looks.Start(atOnce: true);
                return Task.CompletedTask;
            },
            _ => DisposeAsync().AsTask());
    }

    /// <summary>Says that there may be an order.</summary>
    public void LookNow() => _looks.Signal();

    public async ValueTask DisposeAsync() => await _looks.DisposeAsync();

    /// <summary>One look.</summary>
    internal async Task LookAsync(CancellationToken cancellationToken)
    {
        var order = await _orders.FindAsync(_self.Name, cancellationToken);
        switch (NodeOrderPlan.Decide(order, _self.Incarnation, _agent.Phase, _store.Now))
        {
            case NodeOrderKind.Quarantine:
                await _agent.QuarantineAsync(order!, cancellationToken);
                break;
            case NodeOrderKind.None:
                await _agent.ReleaseAsync(cancellationToken);
                break;
            case NodeOrderKind.Drain or NodeOrderKind.Evict:
                Leave(order!);
                break;
        }

        _agent.Admit();
    }

    private void Leave(NodeOrder order)
    {
        var drain = _agent.DrainAsync(TimeLeft(order), order.IsPreemption);
        if (_leaving.IsCompleted && !drain.IsCompleted)
        {
            _leaving = StopHostAfterAsync(drain);
        }
    }

    /// <summary>From now until attempts are handed over. A machine that is taken away leaves time for that before.</summary>
    private TimeSpan TimeLeft(NodeOrder order)
    {
        if (order.Kind == NodeOrderKind.Evict)
        {
            return TimeSpan.Zero;
        }

        var left = order.Deadline - _store.Now ?? _options.DrainTimeout;
        left -= order.IsPreemption ? _options.HandOverTimeout : TimeSpan.Zero;
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private async Task StopHostAfterAsync(Task drain)
    {
        try
        {
            await drain;
        }
        finally
        {
            // Also if it could not leave in order: then others find its process gone.
            _host?.StopApplication();
        }
    }

    [LoggerMessage(EventIds.OrdersNotRead, LogLevel.Warning, "The orders for this node could not be read now; it is tried again.")]
    private partial void LogLookFailed(Exception exception);
}
