namespace FaultTolerance.Client.Tests.Clusters;

/// <summary>The one limit on how long a test waits for what must come. It is never reached by a test that passes.</summary>
internal static class Hang
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    public static async Task Limit(Task task, Func<string> describe)
    {
        try
        {
            await task.WaitAsync(Longest, TimeProvider.System);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"The test hung: {describe()}");
        }
    }

    public static async Task<T> Limit<T>(Task<T> task, string what)
    {
        await Limit((Task)task, () => what);
        return await task;
    }
}
