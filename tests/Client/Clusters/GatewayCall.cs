using FaultTolerance.Gateways;

namespace FaultTolerance.Client.Tests.Clusters;

/// <summary>A call that has arrived at the cluster and waits for the test to answer it.</summary>
internal sealed class GatewayCall<TRequest, TReply>(long key, TRequest request, TimeSpan at)
{
    private readonly TaskCompletionSource<TReply> _reply = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Gets the gateway's key; 0 where there is none.</summary>
    public long Key { get; } = key;

    public TRequest Request { get; } = request;

    /// <summary>Gets when it arrived, counted from the test's start.</summary>
    public TimeSpan At { get; } = at;

    public Task<TReply> Reply => _reply.Task;

    public void Answer(TReply reply) => _reply.TrySetResult(reply);

    public void Fail(Exception exception) => _reply.TrySetException(exception);
}

/// <summary>Answers to submits.</summary>
internal static class SubmitAnswers
{
    public static void Accept(this GatewayCall<IReadOnlyList<TaskCall>, IReadOnlyList<SubmitReply>> call) =>
        call.Answer([.. call.Request.Select(submitted => new SubmitReply { Id = submitted.Id })]);

    public static void Reject(this GatewayCall<IReadOnlyList<TaskCall>, IReadOnlyList<SubmitReply>> call, SubmitRejection reason, string? message = null) =>
        call.Answer([.. call.Request.Select(submitted => new SubmitReply { Id = submitted.Id, Rejection = reason, Message = message })]);
}
