namespace FaultTolerance.Cli.Tests.Chaos;

/// <summary>That a chaos run judges deaths to its very end.</summary>
public sealed class ChaosRestTests : IDisposable
{
    private readonly FakeRun _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public async Task A_node_that_is_declared_dead_while_the_run_checks_what_became_of_its_tasks_is_a_false_death()
    {
        _run.WhileChecked = () => _run.Site.Lives.End("silo-1");

        var result = await _run.RunAsync(new IdleClient());

        Assert.Equal(["silo-1"], result.LateDeaths);
        Assert.Equal((1, ExitCodes.Wrong), (result.FalseDeaths, result.ExitCode));
    }

    [Fact]
    public async Task A_run_in_which_nobody_dies_has_no_false_death() => Assert.Equal(0, (await _run.RunAsync(new IdleClient())).FalseDeaths);
}
