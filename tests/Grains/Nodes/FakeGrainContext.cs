using System.Reflection;

namespace FaultTolerance.Grains.Tests.Nodes;

/// <summary>What a grain is told of its place: who it is, and nothing else.</summary>
public class FakeGrainContext : DispatchProxy
{
    private GrainId _id;

    public static IGrainContext Of(string type, long key)
    {
        var context = Create<IGrainContext, FakeGrainContext>();
        ((FakeGrainContext)context)._id = GrainId.Create(GrainType.Create(type), GrainIdKeyExtensions.CreateIntegerKey(key));
        return context;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        targetMethod?.Name == $"get_{nameof(IGrainContext.GrainId)}" ? _id : throw new NotSupportedException($"No test asks for {targetMethod?.Name}.");
}
