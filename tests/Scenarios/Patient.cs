using System.Collections.Concurrent;

namespace FaultTolerance.Scenarios.Tests;

/// <inheritdoc cref="IPatient"/>
public sealed class Patient(IActorMonitor monitor) : Grain, IPatient
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);
    private static readonly ConcurrentDictionary<string, ManualResetEventSlim> Cures = new();

    private IActorWatch? _watch;

    /// <summary>Lets an actor go on that hangs.</summary>
    public static void Cure(string key) => CureOf(key).Set();

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _watch = monitor.Watch("patient", this.GetPrimaryKeyString(), Interval);
        this.RegisterGrainTimer(
            _ =>
            {
                _watch.Beat();
                return Task.CompletedTask;
            },
            new GrainTimerCreationOptions(Interval, Interval) { Interleave = true });
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _watch?.Dispose();
        return Task.CompletedTask;
    }

    public Task WakeAsync() => Task.CompletedTask;

    public Task HangAsync()
    {
        CureOf(this.GetPrimaryKeyString()).Wait();
        return Task.CompletedTask;
    }

    private static ManualResetEventSlim CureOf(string key) => Cures.GetOrAdd(key, _ => new ManualResetEventSlim());
}
