using FaultTolerance.Cli.Demo;

namespace FaultTolerance.Cli.Tests.Demo;

public sealed class DefaultFolderTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("dotnet-");

    public void Dispose() => _root.Delete(recursive: true);

    [Fact]
    public void The_newest_sdk_is_taken_by_number_and_not_by_letter()
    {
        foreach (var version in new[] { "9.0.300", "10.0.100-rc.1", "10.0.99", "8.0.400" })
        {
            _root.CreateSubdirectory($"sdk/{version}");
        }

        Assert.Equal("10.0.100-rc.1", Path.GetFileName(DefaultFolder.FindBelow(_root.FullName)));
    }

    [Fact]
    public void Without_an_sdk_the_remedy_is_named()
    {
        var failure = Assert.Throws<UsageException>(() => DefaultFolder.FindBelow(_root.FullName));

        Assert.Contains("ft demo <folder>", failure.Message, StringComparison.Ordinal);
    }
}
