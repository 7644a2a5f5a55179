namespace FaultTolerance.Cli;

/// <summary>The command cannot do what it was asked to. The message names what is wrong and the remedy.</summary>
internal sealed class UsageException(string message, Exception? inner = null) : CommandException(ExitCodes.Usage, message, inner);
