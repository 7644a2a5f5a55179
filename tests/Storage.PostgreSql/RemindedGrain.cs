using System.Collections.Concurrent;
using Orleans.Runtime;

namespace FaultTolerance.Storage.PostgreSql.Tests;

/// <summary>A grain that asks to be reminded soon.</summary>
[Alias("tests.IRemindedGrain")]
public interface IRemindedGrain : IGrainWithStringKey
{
    [Alias("RemindAsync")]
    Task RemindAsync();
}

internal sealed class RemindedGrain : Grain, IRemindedGrain, IRemindable
{
    private static readonly ConcurrentDictionary<string, TaskCompletionSource<string>> Ticks = new();

    public static Task<string> TickOf(string grain) => Tick(grain).Task;

    // A first tick that is past when the reminder is stored would come one period later.
    public Task RemindAsync() => this.RegisterOrUpdateReminder("wake up", TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));

    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        Tick(this.GetPrimaryKeyString()).TrySetResult(reminderName);
        return Task.CompletedTask;
    }

    private static TaskCompletionSource<string> Tick(string grain) =>
        Ticks.GetOrAdd(grain, _ => new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously));
}
