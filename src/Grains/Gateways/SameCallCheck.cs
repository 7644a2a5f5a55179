using FaultTolerance.Gateways;
using FaultTolerance.Grains.Tasks;
using Orleans.Serialization;

namespace FaultTolerance.Grains.Gateways;

/// <summary>Tells a repeated call from another call under the same id.</summary>
internal sealed class SameCallCheck(TaskReader reader, Serializer<TaskSpec> specs)
{
    /// <summary>Compares a call with the task that has its id already.</summary>
    public async Task<SubmitReply> CompareAsync(TaskState submitted)
    {
        var existing = await reader.ReadAsync(submitted.Id, CancellationToken.None);
        if (existing is null)
        {
            return new SubmitReply
            {
                Id = submitted.Id,
                Rejection = SubmitRejection.Busy,
                Message = $"Task {submitted.Id} was just removed because its retention is over. Submit the call again.",
            };
        }

        return Essence(existing.Spec).AsSpan().SequenceEqual(Essence(submitted.Spec))
            ? new SubmitReply { Id = submitted.Id }
            : new SubmitReply
            {
                Id = submitted.Id,
                Rejection = SubmitRejection.IdTaken,
                Message = $"Task {submitted.Id} exists already with another call ({existing.Spec.HandlerKey}). Submit this one under an id of its own.",
            };
    }

    // Who asks, and under which trace, is not part of what is asked.
    private byte[] Essence(TaskSpec spec) => specs.SerializeToArray(spec with { Session = null, TraceParent = null });
}
