using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.GrainState;
using FaultTolerance.Storage.Tasks;

namespace FaultTolerance.Testing;

/// <summary>An engine that goes wrong when told to, around one that works.</summary>
/// <remarks>Faults are scripted by the number of the write, planned by a function, or switched on and off.</remarks>
/// <param name="inner">The engine that works; disposed of with this one.</param>
public sealed partial class FaultyEngine(IStorageEngine inner) : IStorageEngine
{
    private readonly Lock _lock = new();
    private readonly Dictionary<long, InjectedFault> _script = [];
    private readonly List<StoreCall> _calls = [];
    private readonly List<CallGate> _gates = [];
    private readonly Queue<Func<Task>> _late = new();
    private long _writes;

    /// <inheritdoc/>
    public string Name => inner.Name;

    /// <inheritdoc/>
    public int WriteLanes => Lanes ?? inner.WriteLanes;

    /// <summary>Gets the number of lanes that the engine claims to have; null for those of the inner engine.</summary>
    public int? Lanes { get; init; }

    /// <summary>Gets or sets what goes wrong with calls that no script names.</summary>
    public Func<StoreCall, InjectedFault> Plan { get; set; } = FaultPlans.Nothing;

    /// <summary>Gets or sets a value indicating whether the store can be reached at all.</summary>
    public bool IsReachable { get; set; } = true;

    /// <summary>Gets how many writes were asked for.</summary>
    public long Writes => Interlocked.Read(ref _writes);

    /// <summary>Gets every call so far, in order.</summary>
    public IReadOnlyList<StoreCall> Calls
    {
        get
        {
            lock (_lock)
            {
                return [.. _calls];
            }
        }
    }

    /// <summary>Lets one write go wrong.</summary>
    /// <param name="nth">Which write, counted from now: 1 for the next.</param>
    /// <param name="fault">What goes wrong.</param>
    public void FailWrite(int nth, InjectedFault fault)
    {
        lock (_lock)
        {
            _script[_writes + nth] = fault;
        }
    }

    /// <summary>Holds calls before they are done, or their answers after, until the gate is opened.</summary>
    /// <param name="which">Which calls are held; all writes when omitted.</param>
    /// <param name="replies">Whether the calls are done at once and only their answers are held.</param>
    public CallGate Hold(Predicate<StoreCall>? which = null, bool replies = false)
    {
        var gate = new CallGate(which ?? (call => call.IsWrite), replies);
        lock (_lock)
        {
            _gates.Add(gate);
        }

        return gate;
    }

    /// <inheritdoc/>
    public Task<StoreDescription> InitializeAsync(CancellationToken cancellationToken) => inner.InitializeAsync(cancellationToken);

    /// <inheritdoc/>
    public Task<DateTimeOffset> ReadTimeAsync(CancellationToken cancellationToken) =>
        AskAsync(nameof(ReadTimeAsync), inner.ReadTimeAsync, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<TaskWriteResult>> CommitTasksAsync(IReadOnlyList<TaskWrite> writes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(writes);
        return ChangeAsync(nameof(CommitTasksAsync), writes.Count, cancel => inner.CommitTasksAsync(writes, cancel), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<bool>> CommitStatesAsync(IReadOnlyList<GrainStateWrite> writes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(writes);
        return ChangeAsync(nameof(CommitStatesAsync), writes.Count, cancel => inner.CommitStatesAsync(writes, cancel), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private Task<T> AskAsync<T>(string operation, Func<CancellationToken, Task<T>> perform, CancellationToken cancellationToken) =>
        PerformAsync(Record(operation, isWrite: false, 1), perform, cancellationToken);

    private Task<T> ChangeAsync<T>(string operation, Func<CancellationToken, Task<T>> perform, CancellationToken cancellationToken) =>
        ChangeAsync(operation, 1, perform, cancellationToken);

    private Task<T> ChangeAsync<T>(string operation, int rows, Func<CancellationToken, Task<T>> perform, CancellationToken cancellationToken) =>
        PerformAsync(Record(operation, isWrite: true, rows), perform, cancellationToken);

    private async Task<T> PerformAsync<T>((StoreCall Call, InjectedFault Fault) recorded, Func<CancellationToken, Task<T>> perform, CancellationToken cancellationToken)
    {
        var (call, fault) = recorded;
        await PassAsync(call, replies: false, cancellationToken);
        fault = IsReachable ? fault : InjectedFault.Unreachable;
        if (call.IsWrite)
        {
            await LandAsync();
        }

        switch (fault)
        {
            case InjectedFault.None:
                var answer = await perform(cancellationToken);
                await PassAsync(call, replies: true, cancellationToken);
                return answer;
            case InjectedFault.ReplyLost:
                await perform(cancellationToken);
                throw Failure(StoreFault.Unreachable, call, isOutcomeUnknown: true);
            case InjectedFault.LandsLate:
                lock (_lock)
                {
                    _late.Enqueue(() => perform(CancellationToken.None));
                }

                throw Failure(StoreFault.Unreachable, call, isOutcomeUnknown: true);
            case InjectedFault.RequestLost:
                throw Failure(StoreFault.Unreachable, call, isOutcomeUnknown: true);
            case InjectedFault.Contention:
                throw Failure(StoreFault.Contention, call);
            case InjectedFault.Unusable:
                throw Failure(StoreFault.Unusable, call);
            default:
                throw Failure(StoreFault.Unreachable, call);
        }
    }

    private static StoreException Failure(StoreFault fault, StoreCall call, bool isOutcomeUnknown = false) =>
        new(fault, $"Injected: {call.Operation} (write {call.Write}) failed.", isOutcomeUnknown: isOutcomeUnknown);

    private (StoreCall Call, InjectedFault Fault) Record(string operation, bool isWrite, int rows)
    {
        lock (_lock)
        {
            var call = new StoreCall(operation, isWrite ? ++_writes : 0, rows);
            _calls.Add(call);
            return (call, _script.Remove(call.Write, out var fault) ? fault : Plan(call));
        }
    }

    private async Task PassAsync(StoreCall call, bool replies, CancellationToken cancellationToken)
    {
        CallGate[] gates;
        lock (_lock)
        {
            gates = [.. _gates.Where(gate => gate.HoldsReplies == replies)];
        }

        foreach (var gate in gates)
        {
            await gate.PassAsync(call, cancellationToken);
        }
    }

    private async Task LandAsync()
    {
        while (true)
        {
            Func<Task>? perform;
            lock (_lock)
            {
                if (!_late.TryDequeue(out perform))
                {
                    return;
                }
            }

            await perform();
        }
    }
}
