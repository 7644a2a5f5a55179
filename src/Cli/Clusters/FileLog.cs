using System.Globalization;
using Microsoft.Extensions.Logging;

namespace FaultTolerance.Cli.Clusters;

/// <summary>Appends what this process logs to a file, so that it stays out of the view.</summary>
internal sealed class FileLog : ILoggerProvider
{
    private readonly TextWriter _file;
    private readonly TimeProvider _timeProvider;

    public FileLog(string path, TimeProvider timeProvider)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        _file = TextWriter.Synchronized(new StreamWriter(path, append: true) { AutoFlush = true });
        _timeProvider = timeProvider;
    }

    public ILogger CreateLogger(string categoryName) => new CategoryLog(this, categoryName);

    public void Dispose() => _file.Dispose();

    private void Write(string category, LogLevel level, string message, Exception? exception) => _file.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{_timeProvider.GetUtcNow():HH:mm:ss.fff} {level} {category}: {message}{(exception is null ? "" : $"\n{exception}")}"));

    private sealed class CategoryLog(FileLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                log.Write(category, logLevel, formatter(state, exception), exception);
            }
        }
    }
}
