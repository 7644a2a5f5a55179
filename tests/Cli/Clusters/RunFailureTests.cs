using FaultTolerance.Cli.Clusters;
using FaultTolerance.Testing.Checking;

namespace FaultTolerance.Cli.Tests.Clusters;

public sealed class RunFailureTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ft-left-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Outcomes_that_cannot_be_counted_end_a_run_in_words() =>
        Assert.Equal("Try again.", RunFailure.Explain(new OutcomeAuditException("Try again.")));

    [Fact]
    public void A_run_has_left_something_when_there_is_anything_to_read()
    {
        Assert.False(RunFailure.HasLeft(_folder.FullName));

        File.WriteAllText(Path.Join(_folder.FullName, "acknowledged"), "");
        Assert.False(RunFailure.HasLeft(_folder.FullName));

        File.WriteAllText(Path.Join(_folder.CreateSubdirectory("logs").FullName, "silo-1.log"), "It cannot start.");
        Assert.True(RunFailure.HasLeft(_folder.FullName));
    }
}
