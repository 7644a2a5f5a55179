using FaultTolerance.Storage.Clocks;
using FaultTolerance.Storage.Commits;
using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.GrainState;
using FaultTolerance.Storage.Tasks;
using FaultTolerance.Storage.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FaultTolerance.Storage;

/// <summary>The cluster's store, on one engine. It must be opened before it is used.</summary>
internal sealed partial class DurableStore : IDurableStore
{
    private static readonly TimeSpan ClockPeriod = TimeSpan.FromSeconds(30);

    private readonly IStorageEngine _engine;
    private readonly StoreOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly TokenSource _chance;
    private readonly StoreClock _clock;
    private readonly StoreInstruments _instruments;
    private readonly GroupCommit<TaskWrite, TaskWriteResult> _taskCommit;
    private readonly GroupCommit<GrainStateWrite, bool> _stateCommit;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _opening = new(1);
    private StoreDescription? _description;
    private Task _clockLoop = Task.CompletedTask;
    private int _isDisposed;

    public DurableStore(
        IStorageEngine engine, StoreOptions options, TimeProvider timeProvider, StoreInstruments instruments, ILogger<DurableStore> logger, long seed)
    {
        var validation = new StoreOptionsValidator().Validate(null, options);
        if (validation.Failed)
        {
            throw new OptionsValidationException(nameof(StoreOptions), typeof(StoreOptions), validation.Failures);
        }

        (_engine, _options, _timeProvider, _instruments, _logger) = (engine, options, timeProvider, instruments, logger);
        _chance = new TokenSource(seed);
        _clock = new StoreClock(timeProvider);
        _taskCommit = Collect(new TaskCommits(engine));
        _stateCommit = Collect(new StateCommits(engine));
        instruments.Watch(() => _taskCommit.Pending);
    }

    public StoreDescription Description => _description ?? throw NotOpen();

    public DateTimeOffset Now => _clock.Now;

    public DateTimeOffset ClockReading => _clock.Reading;

    public int ClockSteps => _clock.Steps;

    /// <inheritdoc/>
    public TimeSpan ClockError => _clock.Error;

    private IStorageEngine Engine
    {
        get
        {
            EnsureOpen();
            return _engine;
        }
    }

    /// <summary>Initializes the engine and reads the store's time. Once; further calls do nothing.</summary>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        await _opening.WaitAsync(cancellationToken);
        try
        {
            if (_description is not null)
            {
                return;
            }

            var description = await _engine.InitializeAsync(cancellationToken);
            await _clock.ReadAsync(_engine, cancellationToken);
            _description = description;
            using (ExecutionContext.SuppressFlow())
            {
                _clockLoop = KeepTimeAsync();
            }

            LogStoreOpened(
                description.Engine,
                description.Location,
                description.SchemaVersion,
                string.Join(", ", description.Durability.Select(setting => $"{setting.Key} = {setting.Value}")));
        }
        finally
        {
            _opening.Release();
        }
    }

    public long NewToken() => _chance.Next();

    public Task<TaskWriteResult> WriteTaskAsync(TaskWrite write, CancellationToken cancellationToken = default)
    {
        EnsureOpen();
        return TooLarge(write) is { } refusal
            ? Task.FromException<TaskWriteResult>(refusal)
            : Awaited(_taskCommit.WriteAsync(write), cancellationToken);
    }

    public Task<IReadOnlyList<TaskWriteResult>> WriteTasksAsync(IReadOnlyList<TaskWrite> writes, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(writes);
        EnsureOpen();
        for (var i = 0; i < writes.Count; i++)
        {
            if (TooLarge(writes[i]) is { } refusal)
            {
                return Task.FromException<IReadOnlyList<TaskWriteResult>>(refusal);
            }
        }

        return Awaited(_taskCommit.WriteAllAsync(writes), cancellationToken);
    }

    public Task<bool> WriteStateAsync(GrainStateWrite write, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(write);
        EnsureOpen();
        return write.State?.Length > _options.MaxPayload
            ? Task.FromException<bool>(TooLarge($"The state {write.Key}", write.State.Length, _options.MaxPayload, nameof(StoreOptions.MaxPayload)))
            : Awaited(_stateCommit.WriteAsync(write), cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        await _taskCommit.DisposeAsync();
        await _stateCommit.DisposeAsync();
        await _stop.CancelAsync();
        await _clockLoop;
        await _engine.DisposeAsync();
        _instruments.Dispose();
        _stop.Dispose();
        _opening.Dispose();
    }

    private GroupCommit<TWrite, TResult> Collect<TWrite, TResult>(CommitTarget<TWrite, TResult> target) => new(
        target,
        new BatchCommit<TWrite, TResult>(target, _options, _timeProvider, _chance, _instruments, _logger),
        _engine.WriteLanes,
        _options,
        _timeProvider);

    private static InvalidOperationException NotOpen() =>
        new("The store is not open yet. In a host it is opened as the host starts, before any service is started.");

    private void EnsureOpen()
    {
        if (_description is null)
        {
            throw NotOpen();
        }
    }

    private static Task<T> Awaited<T>(Task<T> commit, CancellationToken cancellationToken) =>
        cancellationToken.CanBeCanceled ? commit.WaitAsync(cancellationToken) : commit;

    private StoreException? TooLarge(TaskWrite write)
    {
        ArgumentNullException.ThrowIfNull(write);
        var (spec, life, result) = write switch
        {
            TaskInsert insert => (insert.Row.Spec, insert.Row.Life, insert.Row.Result),
            TaskUpdate update => (null, update.Life, update.Result),
            _ => ((byte[]?)null, Array.Empty<byte>(), (byte[]?)null),
        };
        return TooLarge(write, "payload", write.Parts.Sum(part => (long)part.Length), _options.MaxPayload, nameof(StoreOptions.MaxPayload))
            ?? TooLarge(write, "specification", InlineLength(spec), _options.MaxInlinePayload, nameof(StoreOptions.MaxInlinePayload))
            ?? TooLarge(write, "result", InlineLength(result), _options.MaxInlinePayload, nameof(StoreOptions.MaxInlinePayload))
            ?? TooLarge(write, "log of attempts", life.Length, _options.MaxPayload, nameof(StoreOptions.MaxPayload));
    }

    // Without its mark, so that the largest payload that goes into the row does go there. A reference to parts is shorter than any limit.
    private static long InlineLength(byte[]? stored) =>
        stored is { Length: > 0 } && PayloadReference.IsInline(stored) ? stored.Length - 1 : 0;

    private static StoreException? TooLarge(TaskWrite write, string field, long length, int limit, string option) =>
        length > limit ? TooLarge($"The {field} of task {write.Id}", length, limit, option, write.Id) : null;

    private static StoreException TooLarge(string what, long length, int limit, string option, params IReadOnlyList<TaskId> refused) => new(
        StoreFault.Data,
        $"{what} has {length} bytes; at most {limit} can be stored there (StoreOptions.{option}). Nothing was written.")
    {
        RefusedTasks = refused,
    };

    private async Task KeepTimeAsync()
    {
        using var timer = new PeriodicTimer(ClockPeriod, _timeProvider);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false))
            {
                await ReadTimeOnceAsync();
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            LogStoreClosed(Description.Location);
        }
    }

    private async Task ReadTimeOnceAsync()
    {
        try
        {
            await _clock.ReadAsync(_engine, _stop.Token);
        }
        catch (StoreException exception)
        {
            LogClockNotRead(exception.Message, _clock.Error);
        }
    }

    [LoggerMessage(StoreEventIds.StoreOpened, LogLevel.Information, "The store was opened: {Engine} at {Location}, schema version {SchemaVersion}; {Durability}")]
    private partial void LogStoreOpened(string engine, string location, int schemaVersion, string durability);

    [LoggerMessage(StoreEventIds.StoreClosed, LogLevel.Information, "The store at {Location} was closed.")]
    private partial void LogStoreClosed(string location);

    [LoggerMessage(StoreEventIds.ClockNotRead, LogLevel.Warning, "The store's time was not read: {Reason} It is carried on by this machine's clock, by now {Error} off at the most.")]
    private partial void LogClockNotRead(string reason, TimeSpan error);
}
