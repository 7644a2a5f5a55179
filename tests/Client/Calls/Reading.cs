using System.Linq.Expressions;
using FaultTolerance.Calls;
using FaultTolerance.Client.Tests.Clusters;
using FaultTolerance.Gateways;

namespace FaultTolerance.Client.Tests.Calls;

/// <summary>Reads lambdas as the client does.</summary>
internal static class Reading
{
    public static readonly CallReader Reader = new(new CallPlans(FakeCluster.Serializer), maxPayload: 4_000_000, maxFanIn: 10_000);

    public static ReadCall Call<T>(Expression<Func<FileTasks, T>> call) => Reader.Read(call);

    public static ReadCall Fold<T>(Expression<Func<IFoldTasks, T>> call) => Reader.Read(call);

    public static T Value<T>(TaskArgument argument)
    {
        Assert.Equal(ArgumentKind.Value, argument.Kind);
        return FakeCluster.Serializer.Deserialize<T>(argument.Value)!;
    }

    public static SubmitRejectedException Rejected(LambdaExpression call) => Assert.Throws<SubmitRejectedException>(() => Reader.Read(call));
}
