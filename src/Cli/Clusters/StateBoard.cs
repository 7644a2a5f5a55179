using FaultTolerance.Testing.Processes;

namespace FaultTolerance.Cli.Clusters;

/// <summary>Keeps the state of a cluster in its folder up to date.</summary>
internal sealed class StateBoard(ClusterFolder folder, ClusterState state)
{
    private readonly Lock _lock = new();
    private ClusterState _state = state;

    /// <summary>Gets the state as it is now.</summary>
    public ClusterState State
    {
        get
        {
            lock (_lock)
            {
                return _state;
            }
        }
    }

    public void Enter(ClusterPhase phase) => Change(state => state with { Phase = phase });

    /// <summary>Notes what has happened to the silos.</summary>
    public void Note(IEnumerable<SiloEvent> past) =>
        Change(state => past.Aggregate(state, (before, told) => before.After(told, LocalProcess.Find)));

    /// <summary>Notes what happens to the silos until it is cancelled.</summary>
    /// <param name="events">What happens.</param>
    /// <param name="after">The position after which it has not been noted yet.</param>
    /// <param name="tell">Is told of each event after it was noted.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task FollowAsync(SiloEvents events, long after, Action<SiloEvent> tell, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var told in events.ReadAllAsync(after, cancellationToken))
            {
                Note([told]);
                tell(told);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return;
        }
    }

    private void Change(Func<ClusterState, ClusterState> change)
    {
        lock (_lock)
        {
            var before = _state;
            _state = change(before);
            if (_state == before)
            {
                return;
            }

            try
            {
                folder.WriteState(_state);
            }
            catch (IOException)
            {
                return; // a full disk must not take the silos with it; the next change is written with all before it
            }
        }
    }
}
