using FaultTolerance.Grains.Tasks;
using Microsoft.Extensions.DependencyInjection;

namespace FaultTolerance.Grains.Tests.Execution;

/// <summary>Who disposes of a handler's instance, and what comes of it where that fails.</summary>
public sealed class HandlerDisposalTests
{
    [Theory]
    [InlineData("lab.disposable")]
    [InlineData("lab.async-disposable")]
    [InlineData("lab.scoped")]
    public async Task What_was_made_for_an_attempt_is_disposed_of_when_it_ends(string handler)
    {
        await using var lab = await ExecutorLab.OpenAsync();

        Assert.IsType<AttemptSucceeded>((await lab.RunAsync(lab.Task(handler))).End);

        Assert.Equal(1, lab.Control.Disposals);
    }

    [Fact]
    public async Task A_handler_that_throws_is_disposed_of_too()
    {
        await using var lab = await ExecutorLab.OpenAsync();
        lab.Control.Throws = new InvalidOperationException("The cause.");

        Assert.IsType<AttemptFailed>((await lab.RunAsync(lab.Task("lab.async-disposable"))).End);

        Assert.Equal(1, lab.Control.Disposals);
    }

    [Fact]
    public async Task A_handler_that_belongs_to_the_container_is_left_to_it()
    {
        await using var lab = await ExecutorLab.OpenAsync(services => services.AddSingleton<DisposableTasks>());

        Assert.IsType<AttemptSucceeded>((await lab.RunAsync(lab.Task("lab.disposable"))).End);

        Assert.Equal(0, lab.Control.Disposals);
    }

    [Theory]
    [InlineData("lab.disposable")]
    [InlineData("lab.async-disposable")]
    [InlineData("lab.scoped")]
    public async Task A_disposal_that_throws_changes_nothing(string handler)
    {
        await using var lab = await ExecutorLab.OpenAsync();
        lab.Control.DisposalThrows = new InvalidOperationException("It cannot be disposed of.");

        Assert.IsType<AttemptSucceeded>((await lab.RunAsync(lab.Task(handler))).End);
    }
}
