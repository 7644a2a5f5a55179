using FaultTolerance.Grains.Scheduling;

namespace FaultTolerance.Grains.Nodes;

/// <inheritdoc/>
internal sealed class NodePipeline(TaskPipelineDriver driver, PipelineAnnouncements announcements) : INodePipeline
{
    public void Post(PipelineEvent happened) => driver.Post(happened);

    public void OfferWork()
    {
        driver.Post(new QueueHinted());
        announcements.HintPeers();
    }

    public Task<PipelineSnapshot> InspectAsync() => driver.InspectAsync();
}
