namespace FaultTolerance.Cli.Tests.Demo;

/// <summary>A folder of text files that the demo reads.</summary>
internal sealed class DemoInput : IDisposable
{
    private const int FilesOfSeconds = 320;
    private const int WordsPerFile = 40_000;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("demo-input-");

    public string Folder => _folder.FullName;

    /// <summary>Fills it with what keeps three silos busy for seconds.</summary>
    public void Fill()
    {
        var random = new Random(42);
        for (var file = 0; file < FilesOfSeconds; file++)
        {
            Add($"{file / 50}/{file}.txt", string.Join(' ', Enumerable.Range(0, WordsPerFile).Select(_ => $"w{random.Next(5_000)}")));
        }
    }

    /// <summary>Adds one file.</summary>
    public void Add(string name, string content)
    {
        var path = Path.Join(Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
