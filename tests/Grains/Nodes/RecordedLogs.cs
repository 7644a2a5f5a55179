using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace FaultTolerance.Grains.Tests.Nodes;

/// <summary>Keeps what is logged, of all that it made a log for.</summary>
internal sealed class RecordedLogs
{
    private readonly ConcurrentQueue<(LogLevel Level, int Id, string Message)> _entries = new();

    /// <summary>Gets or sets what is called with the id of each message once it is kept.</summary>
    public Action<int> OnLogged { get; set; } = _ => { };

    public IReadOnlyCollection<(LogLevel Level, int Id, string Message)> Entries => _entries;

    /// <summary>Returns the messages that were logged under an id, oldest first.</summary>
    public IReadOnlyList<string> Of(int id) => [.. _entries.Where(entry => entry.Id == id).Select(entry => entry.Message)];

    public ILogger<T> For<T>() => new Log<T>(this);

    private sealed class Log<T>(RecordedLogs logs) : ILogger<T>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            logs._entries.Enqueue((logLevel, eventId.Id, formatter(state, exception)));
            logs.OnLogged(eventId.Id);
        }
    }
}
