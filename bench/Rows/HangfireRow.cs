using System.Collections.Concurrent;
using FaultTolerance.Bench.Measuring;
using Hangfire;
using Hangfire.PostgreSql;

namespace FaultTolerance.Bench.Rows;

/// <summary>Jobs of Hangfire that do nothing, from the enqueue to the run. Its server runs in this process, so that nothing has to carry the news.</summary>
internal sealed class HangfireRow : BenchRow
{
    private const int UnderWay = 64;
    private const int Workers = 32;
    private const string Database = "hangfire";

    private static readonly ConcurrentDictionary<int, TaskCompletionSource> Waiting = new();

    private PostgreSqlStorage _storage = null!;
    private BackgroundJobClient _client = null!;

    public override string Name => "hangfire";

    public override string Title => $"Hangfire job on PostgreSQL, {UnderWay} under way, {Workers} workers";

    public override string Unit => "jobs/s";

    /// <summary>The job.</summary>
    public static void Run(int number)
    {
        if (Waiting.TryRemove(number, out var waiting))
        {
            waiting.SetResult();
        }
    }

    public override async Task StartAsync(BenchLab lab, CancellationToken cancellationToken)
    {
        var server = await lab.ServerAsync();
        await lab.CreateDatabaseAsync(Database);
        ThreadPool.GetMinThreads(out var threads, out var completionPorts);
        ThreadPool.SetMinThreads(Math.Max(threads, 2 * UnderWay), completionPorts); // its calls block their threads
        var options = new PostgreSqlStorageOptions { QueuePollInterval = TimeSpan.FromMilliseconds(50), EnableLongPolling = true };
        _storage = new PostgreSqlStorage(new ConnectionFactory(server.ConnectionString(Database)), options);
        _client = new BackgroundJobClient(_storage);
    }

    public override async Task<Sample> MeasureAsync(RoundSize size)
    {
        // Its server polls: it must not do so while other rows are measured.
        using var server = new BackgroundJobServer(new BackgroundJobServerOptions { WorkerCount = Workers }, _storage);
        var sample = await Load.KeepUnderWayAsync(UnderWay, size.Length, [], RunOneAsync);
        server.SendStop();
        await server.WaitForShutdownAsync(CancellationToken.None);
        return sample;
    }

    private async Task<int> RunOneAsync(int number)
    {
        var ran = Waiting.GetOrAdd(number, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        _client.Enqueue(() => Run(number));
        await ran.Task;
        return 1;
    }

    private sealed class ConnectionFactory(string connection) : IConnectionFactory
    {
        public Npgsql.NpgsqlConnection GetOrCreateConnection() => new(connection);
    }
}
