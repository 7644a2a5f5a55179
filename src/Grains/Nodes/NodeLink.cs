using FaultTolerance.Grains.Execution;
using FaultTolerance.Grains.FailureDetection;
using FaultTolerance.Grains.Orders;
using FaultTolerance.Grains.Scheduling;
using Microsoft.Extensions.Logging;

namespace FaultTolerance.Grains.Nodes;

/// <inheritdoc cref="INodeLink"/>
internal sealed class NodeLink(
    GrainId id,
    Silo silo,
    ILoggerFactory loggers,
    TaskPipelineDriver pipeline,
    LocalNode node,
    HandlerRegistry handlers,
    CondemnationGuard guard,
    INodeVerifier verifier,
    ProcessLook look,
    OrderWatch orders,
    MonotonicClock clock)
    : GrainService(id, silo, loggers), INodeLink
{
    public Task HintAsync()
    {
        pipeline.Post(new QueueHinted());
        return Task.CompletedTask;
    }

    public Task VoidAsync(IReadOnlyList<AttemptName> attempts)
    {
        foreach (var attempt in attempts)
        {
            pipeline.Post(new AttemptVoided(attempt.Task, attempt.Attempt));
        }

        return Task.CompletedTask;
    }

    public async Task<NodeIncarnation> ProbeAsync()
    {
        await pipeline.InspectAsync();
        return node.Incarnation;
    }

    public Task<IReadOnlyList<string>?> GetParameterTypesAsync(string handler) =>
        Task.FromResult(handlers.TryGet(handler, out var found) ? found.CallerTypes : null);

    public Task<bool> ReachesAsync(NodeInfo node) => verifier.AnswersAsync(node);

    public async Task<bool> SeesNoneAsync(NodeInfo node) =>
        (await look.LookAsync(node, mayConnect: true, CancellationToken.None)).Fate is ProcessFate.Refused or ProcessFate.Gone;

    public Task LookForOrdersAsync()
    {
        orders.LookNow();
        return Task.CompletedTask;
    }

    public Task<bool> IsCutOffAsync() => Task.FromResult(guard.IsCutOff(clock.Now));
}
