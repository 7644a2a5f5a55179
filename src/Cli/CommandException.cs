namespace FaultTolerance.Cli;

/// <summary>The command has come to an end that is told in a sentence, with the exit code that says the same.</summary>
internal class CommandException(int exitCode, string message, Exception? inner = null) : Exception(message, inner)
{
    public int ExitCode { get; } = exitCode;
}
