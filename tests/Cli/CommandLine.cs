namespace FaultTolerance.Cli.Tests;

/// <summary>Runs command lines, and keeps what they print.</summary>
internal sealed class CommandLine : IDisposable
{
    private readonly ToldWriter _output = new();
    private readonly StringWriter _error = new();
    private readonly FtPrograms _programs;

    public CommandLine(FtPrograms programs) => _programs = programs;

    /// <summary>Makes one whose programs print where its command lines do.</summary>
    public CommandLine(Func<TextWriter, TextWriter, FtPrograms> create) => _programs = create(_output, _error);

    public string Output => _output.ToString();

    public string Error => _error.ToString();

    /// <summary>Gets or sets what is called with each line on standard output, before the command goes on.</summary>
    public Action<string>? Told
    {
        get => _output.Told;
        set => _output.Told = value;
    }

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

    private sealed class ToldWriter : StringWriter
    {
        public Action<string>? Told { get; set; }

        public override async Task WriteLineAsync(string? value)
        {
            await base.WriteLineAsync(value);
            Told?.Invoke(value ?? "");
        }
    }
}
