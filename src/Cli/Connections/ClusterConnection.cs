using System.Runtime.CompilerServices;
using FaultTolerance.Storage.Engines;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace FaultTolerance.Cli.Connections;

/// <summary>A client of a cluster, connected.</summary>
internal sealed class ClusterConnection : IAsyncDisposable
{
    /// <summary>How long the client may take to say goodbye. What it does not say, the cluster finds out.</summary>
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(3);

    private readonly IHost _host;
    private readonly ClusterTarget _target;
    private readonly ClusterLocation _location;
    private readonly TimeProvider _timeProvider;

    private ClusterConnection(IHost host, ClusterTarget target, ClusterLocation location, TimeProvider timeProvider) =>
        (_host, _target, _location, _timeProvider) = (host, target, location, timeProvider);

    public IClusterClient Orleans => _host.Services.GetRequiredService<IClusterClient>();

    public IServiceProvider Services => _host.Services;

    public IFaultToleranceClient Tasks => _host.Services.GetRequiredService<IFaultToleranceClient>();

    /// <summary>Connects to a cluster.</summary>
    /// <exception cref="CommandException">It cannot be found or reached; the message says why.</exception>
    public static Task<ClusterConnection> OpenAsync(ClusterTarget target, TimeProvider timeProvider, CancellationToken cancellationToken) =>
        OpenAsync(target, null, timeProvider, cancellationToken);

    /// <summary>Connects to a cluster.</summary>
    /// <param name="target">Which one.</param>
    /// <param name="journal">Is told what the cluster acknowledges, if that is wanted.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="CommandException">It cannot be found or reached; the message says why.</exception>
    public static async Task<ClusterConnection> OpenAsync(
        ClusterTarget target, ISubmitJournal? journal, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        var location = ClusterLocation.Find(target);
        IHost? host = null;
        try
        {
            host = Build(target, location, journal, timeProvider);
            await host.StartAsync(cancellationToken);
            return new ClusterConnection(host, target, location, timeProvider);
        }
        catch (Exception exception)
        {
            await DisposeAsync(host);
            if (exception is CommandException or OperationCanceledException && cancellationToken.IsCancellationRequested)
            {
                throw;
            }

            throw Explain(exception, location);
        }
    }

    /// <summary>Asks the cluster something that may be asked again, until an answer comes or the time is over.</summary>
    /// <exception cref="CommandException">No answer came, or a refusal that another try would not change.</exception>
    public async Task<T> AskAsync<T>(Func<IGrainFactory, Task<T>> question, CancellationToken cancellationToken)
    {
        var start = _timeProvider.GetTimestamp();
        while (true)
        {
            try
            {
                return await question(Orleans).WaitAsync(CallTimeout, _timeProvider, cancellationToken);
            }
            catch (Exception exception) when (IsPassing(exception) && _timeProvider.GetElapsedTime(start) + Pause < _target.Timeout)
            {
                await Task.Delay(Pause, _timeProvider, cancellationToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException and not CommandException)
            {
                throw Explain(exception, _location);
            }
        }
    }

    /// <summary>Speaks to the cluster through the library's client, which repeats by itself.</summary>
    /// <exception cref="CommandException">No answer came, or a refusal.</exception>
    public async Task<T> CallAsync<T>(Func<IFaultToleranceClient, Task<T>> call)
    {
        try
        {
            return await call(Tasks);
        }
        catch (Exception exception) when (exception is FaultToleranceException or TimeoutException or OrleansException)
        {
            throw Explain(exception, _location);
        }
    }

    /// <summary>Returns failures as they are recorded, without end.</summary>
    /// <exception cref="CommandException">The position is none.</exception>
    public async IAsyncEnumerable<FailureNotice> FollowAsync(FailurePosition? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var notices = _host.Services.GetRequiredService<IFailureFeed>().ReadAsync(after, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await CallAsync(_ => notices.MoveNextAsync().AsTask()))
        {
            yield return notices.Current;
        }
    }

    public async ValueTask DisposeAsync()
    {
        using var farewell = new CancellationTokenSource(Farewell, _timeProvider);
        try
        {
            await _host.StopAsync(farewell.Token);
        }
        catch (OperationCanceledException)
        {
            return; // the cluster has gone meanwhile
        }
        finally
        {
            await DisposeAsync(_host);
        }
    }

    private static IHost Build(ClusterTarget target, ClusterLocation location, ISubmitJournal? journal, TimeProvider timeProvider)
    {
        var start = timeProvider.GetTimestamp();
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        if (journal is not null)
        {
            builder.Services.AddSingleton(journal);
        }

        builder.UseOrleansClient(client =>
        {
            client.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (target.ClusterId, target.ServiceId));
            location.Store.Configure(client);
            client.AddFaultToleranceClient(options =>
            {
                options.SubmitTimeout = target.Timeout;
                options.CallTimeout = target.Timeout < CallTimeout ? target.Timeout : CallTimeout;
            });
            client.UseConnectionRetryFilter(async (exception, token) =>
            {
                if (!IsPassing(exception) || timeProvider.GetElapsedTime(start) + Pause >= target.Timeout)
                {
                    return false;
                }

                await Task.Delay(Pause, timeProvider, token);
                return true;
            });
        });
        return builder.Build();
    }

    /// <summary>Whether the same may go right a moment later: while a silo that has died is found out, or is being started again.</summary>
    private static bool IsPassing(Exception exception) => exception switch
    {
        FaultToleranceException known => known.IsRetryable,
        TimeoutException or OrleansException => true,
        _ => exception.InnerException is { } inner && IsPassing(inner),
    };

    private static CommandException Explain(Exception exception, ClusterLocation location) => exception switch
    {
        OptionsValidationException => new UsageException(exception.Message, exception),
        StoreException { IsRetryable: false } => new UsageException(exception.Message, exception),
        StoreException => new CommandException(ExitCodes.Unreachable, $"The cluster {location.Name} could not be looked up. {exception.Message}", exception),
        FaultToleranceException { IsRetryable: false } => new UsageException(exception.Message, exception),
        AggregateException { InnerExceptions: [var only] } => Explain(only, location),
        SiloUnavailableException => new CommandException(
            ExitCodes.Unreachable,
            $"The cluster {location.Name} could not be reached: no living silo is listed there under this cluster id. Start its silos, or name another cluster (--cluster-id).",
            exception),
        _ => new CommandException(
            ExitCodes.Unreachable,
            $"The cluster {location.Name} could not be reached: {exception.Message.TrimEnd('.')}. Check that its silos run and that this machine reaches their gateway ports.",
            exception),
    };

    private static ValueTask DisposeAsync(IHost? host) => host is IAsyncDisposable disposable ? disposable.DisposeAsync() : default;
}
