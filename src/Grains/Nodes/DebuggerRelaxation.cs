using Microsoft.Extensions.Options;

namespace FaultTolerance.Grains.Nodes;

/// <summary>Lengthens the lease while a debugger is attached: a breakpoint stops the whole process for as long as somebody thinks.</summary>
internal sealed class DebuggerRelaxation(Func<bool> isAttached) : IPostConfigureOptions<NodeDetectionOptions>
{
    private static readonly TimeSpan Least = TimeSpan.FromMinutes(5);

    public void PostConfigure(string? name, NodeDetectionOptions options)
    {
        if (isAttached() && options.LeaseLength < Least)
        {
            options.LeaseLength = Least;
        }
    }
}
