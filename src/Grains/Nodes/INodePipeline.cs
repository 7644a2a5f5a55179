using FaultTolerance.Grains.Scheduling;

namespace FaultTolerance.Grains.Nodes;

/// <summary>What a node's life has to do with its pipeline.</summary>
internal interface INodePipeline
{
    /// <summary>Hands an event to the pipeline.</summary>
    void Post(PipelineEvent happened);

    /// <summary>Says that there is work in the queue, here and to peers.</summary>
    void OfferWork();

    /// <summary>Returns what the pipeline holds, after a turn of its loop: proof that it works.</summary>
    Task<PipelineSnapshot> InspectAsync();
}
