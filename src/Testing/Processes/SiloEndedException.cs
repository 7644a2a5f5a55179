namespace FaultTolerance.Testing.Processes;

/// <summary>A silo's process ended before it had said what was waited for.</summary>
public sealed class SiloEndedException(string node, int exitCode, string logFile, string logTail) : FaultToleranceException(
    $"The process of {node} ended with exit code {exitCode} before it was ready. Its log is {logFile}; it ends with:\n{logTail}")
{
    /// <summary>Gets the name of the node.</summary>
    public string Node { get; } = node;

    /// <summary>Gets the process's exit code; 128 + the signal for one that was ended by a signal.</summary>
    public int ExitCode { get; } = exitCode;

    /// <summary>Gets the path of the node's log.</summary>
    public string LogFile { get; } = logFile;

    /// <summary>Gets the end of the node's log, which may reach back into former lives of the node.</summary>
    public string LogTail { get; } = logTail;
}
