using FaultTolerance.Calls;
using FaultTolerance.Outcomes;
using FaultTolerance.Results;
using FaultTolerance.Submits;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Serialization;

namespace FaultTolerance;

/// <summary>What the client of a process and its children, the clients inside handlers, share: one session, one queue, one table.</summary>
internal sealed class ClientCore : IAsyncDisposable, IDisposable
{
    private readonly BackgroundWork _background;
    private readonly OutcomeSession _session;
    private readonly SubmitQueue _queue;

    /// <param name="grains">The way to the cluster: of an external client or of a silo.</param>
    /// <param name="serializer">Serializes arguments and results.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="options">The limits and times.</param>
    /// <param name="logger">The log.</param>
    /// <param name="instruments">The counters.</param>
    /// <param name="chance">Gives random numbers from 0 to 1.</param>
    /// <param name="journal">Is told of what was accepted, if there is one.</param>
    public ClientCore(
        IGrainFactory grains, Serializer serializer, TimeProvider timeProvider, IOptions<FaultToleranceClientOptions> options,
        ILogger<FaultToleranceClient> logger, ClientInstruments instruments, Func<double> chance, ISubmitJournal? journal = null)
    {
        (Options, Logger) = (options.Value, logger);
        Clock = new ClientClock(timeProvider);
        Reader = new CallReader(new CallPlans(serializer), Options.MaxPayload, Options.MaxFanIn);
        Results = new ResultReader(serializer);
        Outcomes = new OutcomeTable(Options, Clock);
        Calls = new ClusterCalls(grains, Clock, chance, Options, logger);
        _background = new BackgroundWork(logger);
        Asker = new OutcomeAsker(Outcomes, Calls, Clock, _background, instruments, chance, Options, logger);
        _session = new OutcomeSession(SessionId.New(), Calls, Outcomes, Asker, Clock, _background, instruments, Options, logger);
        var sender = new BatchSender(Calls, Outcomes, _session, Asker, Clock, _background, instruments, journal, Options, logger);
        _queue = new SubmitQueue(sender, Outcomes, Clock, _background, Options);
        Many = new ManySubmit(sender, Outcomes, Clock, _background, Options);
    }

    public FaultToleranceClientOptions Options { get; }

    public ILogger Logger { get; }

    public SessionId Session => _session.Id;

    public ClientClock Clock { get; }

    public CallReader Reader { get; }

    public ResultReader Results { get; }

    public OutcomeTable Outcomes { get; }

    public OutcomeAsker Asker { get; }

    public ClusterCalls Calls { get; }

    public ManySubmit Many { get; }

    /// <summary>Submits one call with others, and returns the id under which it is accepted.</summary>
    public async Task<TaskId> SubmitAsync(SingleSubmit submit, CancellationToken cancellationToken)
    {
        Outcomes.Submitting(submit.Call.Id);
        try
        {
            _queue.Add(submit);
        }
        catch
        {
            Outcomes.Submitted(submit.Call.Id, isExpected: false);
            throw;
        }

        try
        {
            return await submit.Accepted.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            submit.IsAbandoned = true;
            submit.Accepted.Ignore();
            throw;
        }
    }

    /// <summary>Listens, and asks, for what callers have come to wait for.</summary>
    public void Seek()
    {
        _session.EnsureListening().Ignore();
        Asker.Nudge();
    }

    /// <exception cref="ObjectDisposedException">The client has stopped.</exception>
    public void ThrowIfStopped() => ObjectDisposedException.ThrowIf(_background.Stopping.IsCancellationRequested, typeof(IFaultToleranceClient));

    /// <summary>Repeats what is under way, renews the session, and asks for what may have been told through the gateway that is gone.</summary>
    public void OnGatewayLost()
    {
        _session.OnGatewayLost();
        Calls.OnGatewayLost();
    }

    /// <summary>Stops, and waits for the work in the background to end.</summary>
    public async ValueTask DisposeAsync()
    {
        await _background.DisposeAsync();
        Dispose();
    }

    /// <summary>Stops without waiting.</summary>
    public void Dispose()
    {
        _background.Stop();
        Asker.Dispose();
        Calls.Dispose();
        _session.Close();
        Outcomes.Fail(new ObjectDisposedException(nameof(IFaultToleranceClient)));
    }
}
