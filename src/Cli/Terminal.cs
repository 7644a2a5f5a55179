using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace FaultTolerance.Cli;

/// <summary>Where a command shows its results: tables for people, or one JSON object for programs.</summary>
internal sealed class Terminal(TextWriter output, TextWriter error, TimeProvider timeProvider)
{
    private const int WidthOfFiles = 200;

    private static readonly JsonSerializerOptions LineFormat = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public TimeProvider TimeProvider => timeProvider;

    public DateTimeOffset Now => timeProvider.GetUtcNow();

    /// <summary>Shows a result: the object on standard output where JSON is asked for, the picture otherwise.</summary>
    public Task ShowAsync(bool json, object result, Func<IRenderable> draw) => ShowAsync(json ? Format : null, result, draw);

    /// <summary>Shows one of many results that come one by one: where JSON is asked for, as one object on a line of its own.</summary>
    public Task ShowLineAsync(bool json, object result, Func<IRenderable> draw) => ShowAsync(json ? LineFormat : null, result, draw);

    /// <summary>Says something that is not the result: on standard error where standard output belongs to the result alone.</summary>
    public Task SayAsync(bool json, string sentence) => (json ? error : output).WriteLineAsync(sentence);

    private async Task ShowAsync(JsonSerializerOptions? format, object result, Func<IRenderable> draw)
    {
        if (format is not null)
        {
            await output.WriteLineAsync(JsonSerializer.Serialize(result, result.GetType(), format));
        }
        else
        {
            CreateConsole(output).Write(draw());
        }

        await output.FlushAsync();
    }

    private static IAnsiConsole CreateConsole(TextWriter writer)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });
        console.Profile.Width = console.Profile.Out.IsTerminal ? console.Profile.Width : WidthOfFiles;
        return console;
    }
}
