namespace FaultTolerance.Cli.Tests;

/// <summary>Runs command lines, and keeps what they print.</summary>
internal sealed class CommandLine : IDisposable
{
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();
    private readonly FtPrograms _programs;

    public CommandLine(FtPrograms programs) => _programs = programs;

    /// <summary>Makes one whose programs print where its command lines do.</summary>
    public CommandLine(Func<TextWriter, TextWriter, FtPrograms> create) => _programs = create(_output, _error);

    public string Output => _output.ToString();

    public string Error => _error.ToString();

    /// <summary>Runs one, and returns its exit code. What others before it printed is forgotten.</summary>
    public Task<int> RunAsync(params string[] arguments)
    {
        _output.GetStringBuilder().Clear();
        _error.GetStringBuilder().Clear();
        return FtCommand.RunAsync(arguments, _output, _error, _programs);
    }

    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
    }
}
