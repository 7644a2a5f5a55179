namespace FaultTolerance.Grains.Tests.Nodes;

/// <summary>A silo's life as Orleans leads it: stages are started in ascending order, and those that were begun are stopped in descending order.</summary>
internal sealed class LabLifecycle : ISiloLifecycle
{
    private readonly SortedList<int, ILifecycleObserver> _observers = [];

    public LabLifecycle(ILifecycleParticipant<ISiloLifecycle> participant) => participant.Participate(this);

    public int HighestCompletedStage { get; private set; } = int.MinValue;

    public int LowestStoppedStage => int.MaxValue;

    public IDisposable Subscribe(string observerName, int stage, ILifecycleObserver observer)
    {
        _observers.Add(stage, observer);
        return new Subscription();
    }

    /// <summary>Starts the stages up to one. One that fails is the last.</summary>
    public async Task StartAsync(int until)
    {
        foreach (var (stage, observer) in _observers.Where(pair => pair.Key <= until))
        {
            HighestCompletedStage = stage;
            await observer.OnStart(CancellationToken.None);
        }
    }

    /// <summary>Stops what was started.</summary>
    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        foreach (var (_, observer) in _observers.Where(pair => pair.Key <= HighestCompletedStage).Reverse())
        {
            await observer.OnStop(cancellationToken);
        }
    }

    /// <summary>Nobody here ends one.</summary>
    private sealed class Subscription : IDisposable
    {
        public void Dispose()
        {
        }
    }
}
