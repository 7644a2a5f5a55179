using FaultTolerance.Grains.Recovery;
using FaultTolerance.Grains.Telemetry;
using FaultTolerance.Grains.Tests.Nodes;
using Orleans.Timers;

namespace FaultTolerance.Grains.Tests.Recovery;

/// <summary>The reminder of a shard of recovery, whose registration goes wrong: the first, the second and so on. Recovery goes on meanwhile.</summary>
public sealed class RecoveryReminderTests : IAsyncLifetime
{
    private readonly FakeReminders _reminders = new();
    private StoreLab _lab = null!;
    private RecoveryGrain _grain = null!;

    public async ValueTask InitializeAsync()
    {
        _lab = await StoreLab.OpenAsync();
        _lab.Recovery.Shards = 1;
        _grain = new RecoveryGrain(FakeGrainContext.Of("recovery", 0), _lab.Shard(), _reminders, _lab.Time, _lab.Logs.For<RecoveryGrain>());
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _grain.Dispose();
        await _lab.DisposeAsync();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_registration_that_fails_before_or_after_it_is_stored_is_made_again_until_one_does_not_and_then_no_more(int failures)
    {
        (_reminders.FailuresBefore, _reminders.FailuresAfter) = ((failures + 1) / 2, failures / 2);

        for (var pass = 1; pass <= failures + 2; pass++)
        {
            await PassAsync();
            Assert.Equal(Math.Min(pass, failures + 1), _reminders.Asked);
        }

        Assert.Equal(failures, _lab.Logs.Of(EventIds.RecoveryNotReminded).Count);
        Assert.Equal(["recovery"], _reminders.Stored);
    }

    [Fact]
    public async Task A_registration_that_is_not_answered_holds_up_no_pass_and_is_given_up_and_made_again()
    {
        _reminders.Hang = new TaskCompletionSource();

        await PassAsync();
        await PassAsync();
        Assert.Equal(1, _reminders.Asked);

        _reminders.Hang = null;
        _lab.Time.Advance(RecoveryGrain.ReminderTimeout);
        await _grain.Reminding;
        await PassAsync();
        await PassAsync();

        Assert.Equal(2, _reminders.Asked);
        Assert.Single(_lab.Logs.Of(EventIds.RecoveryNotReminded));
        Assert.Equal(["recovery"], _reminders.Stored);
    }

    [Fact]
    public async Task A_grain_is_deactivated_while_its_registration_is_not_answered()
    {
        _reminders.Hang = new TaskCompletionSource();
        await PassAsync();

        await StopAsync();

        Assert.Empty(_reminders.Stored);
    }

    private async Task PassAsync()
    {
        await _grain.TouchAsync();
        await _lab.Time.RunAsync(DoneAsync(_grain.Passing));
    }

    private async Task StopAsync() => await _lab.Time.RunAsync(DoneAsync(_grain.OnDeactivateAsync(default, CancellationToken.None)));

    private static async Task<bool> DoneAsync(Task task)
    {
        await task;
        return true;
    }

    /// <summary>Reminders that go wrong as they are told.</summary>
    private sealed class FakeReminders : IReminderRegistry
    {
        public int FailuresBefore { get; set; }

        public int FailuresAfter { get; set; }

        /// <summary>Gets or sets what a registration waits for.</summary>
        public TaskCompletionSource? Hang { get; set; }

        public int Asked { get; private set; }

        public HashSet<string> Stored { get; } = [];

        public async Task<IGrainReminder> RegisterOrUpdateReminder(GrainId callingGrainId, string reminderName, TimeSpan dueTime, TimeSpan period)
        {
            Asked++;
            await (Hang?.Task ?? Task.CompletedTask);
            if (FailuresBefore-- > 0)
            {
                throw new TimeoutException("The table of reminders is away.");
            }

            Stored.Add(reminderName);
            return FailuresAfter-- > 0 ? throw new TimeoutException("The answer was lost.") : null!;
        }

        public Task UnregisterReminder(GrainId callingGrainId, IGrainReminder reminder) => throw new NotSupportedException();

        public Task<IGrainReminder?> GetReminder(GrainId callingGrainId, string reminderName) => throw new NotSupportedException();

        public Task<List<IGrainReminder>> GetReminders(GrainId callingGrainId) => throw new NotSupportedException();
    }
}
