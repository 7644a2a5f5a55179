using System.Text.Json;
using FaultTolerance.Testing.Processes;

namespace FaultTolerance.Testing.Tests.Processes;

public sealed class SiloEventsTests
{
    private readonly SiloEvents _events = new(TimeProvider.System);

    [Fact]
    public async Task An_event_that_came_before_the_wait_is_found()
    {
        Add("a");
        Add("b");

        Assert.Equal(2, (await _events.WaitForAsync(e => e.Name == "b")).Position);
    }

    [Fact]
    public async Task An_event_before_the_position_is_not_taken_for_a_new_one()
    {
        Add("a");
        var before = _events.Position;

        var wait = _events.WaitForAsync(e => e.Name == "a", before);
        Assert.False(wait.IsCompleted);
        Add("b");
        Assert.False(wait.IsCompleted);
        Add("a");

        Assert.Equal(3, (await wait).Position);
    }

    [Fact]
    public async Task A_wait_can_be_given_up()
    {
        using var giveUp = new CancellationTokenSource();
        var wait = _events.WaitForAsync(e => e.Name == "a", cancellationToken: giveUp.Token);

        await giveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
    }

    [Fact]
    public async Task A_reader_gets_every_event_in_order()
    {
        var names = new List<string>();
        Add("a");
        await foreach (var read in _events.ReadAllAsync())
        {
            names.Add(read.Name);
            if (names.Count == 3)
            {
                break;
            }

            Add(names.Count == 1 ? "b" : "c");
        }

        Assert.Equal(["a", "b", "c"], names);
    }

    [Fact]
    public void No_more_than_the_limit_is_kept()
    {
        for (var i = 0; i < SiloEvents.MaxKept + 5; i++)
        {
            Add("a");
        }

        Assert.Equal((SiloEvents.MaxKept, 6L), (_events.ToList().Count, _events.ToList()[0].Position));
    }

    private void Add(string name) =>
        _events.Add(new SiloEvent { Node = "silo-1", ProcessId = 1, Name = name, Fields = JsonSerializer.SerializeToElement(new { }) });
}
