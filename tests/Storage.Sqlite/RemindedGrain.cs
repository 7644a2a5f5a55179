using Orleans.Timers;

namespace FaultTolerance.Storage.Sqlite.Tests;

public sealed class RemindedGrain(IReminderRegistry reminders, IGrainContext context) : IReminded, IRemindable, IGrainBase
{
    public IGrainContext GrainContext => context;

    public Task RemindMeAsync(string name) =>
        reminders.RegisterOrUpdateReminder(context.GrainId, name, TimeSpan.FromDays(1), TimeSpan.FromDays(1));

    public async Task ForgetAsync(string name)
    {
        if (await reminders.GetReminder(context.GrainId, name) is { } reminder)
        {
            await reminders.UnregisterReminder(context.GrainId, reminder);
        }
    }

    public async Task<List<string>> ListAsync() =>
        [.. (await reminders.GetReminders(context.GrainId)).Select(reminder => reminder.ReminderName)];

    public Task ReceiveReminder(string reminderName, TickStatus status) => Task.CompletedTask;
}
