using FaultTolerance.Cli.Live;
using Microsoft.Extensions.Time.Testing;
using Spectre.Console;
using Spectre.Console.Testing;

namespace FaultTolerance.Cli.Tests.Live;

public sealed class LiveViewTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly TestConsole _console = new TestConsole().Width(140);

    public void Dispose() => _console.Dispose();

    [Fact]
    public void A_frame_shows_progress_rate_nodes_and_what_happened()
    {
        var board = NewBoard();
        board.Plan(4_000);
        board.Update(0, []);
        _time.Advance(TimeSpan.FromSeconds(2));
        board.Add(TimelineKind.Fault, "killed silo-2 [SIGKILL]");
        board.Update(1_000, [new NodeLine("silo-1", "alive", 4711, 8), new NodeLine("silo-2", "killed", 4712, 0)]);

        _console.Write(LiveView.Draw(board.Read()));

        Assert.Contains("demo on SQLite", _console.Output, StringComparison.Ordinal);
        Assert.Contains("25 %  1,000 of 4,000 tasks  500 tasks/s  2.0 s", _console.Output, StringComparison.Ordinal);
        Assert.Matches("silo-1 +alive +process 4711 +8 running", _console.Output);
        Assert.Contains("2.00 s  killed silo-2 [SIGKILL]", _console.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_terminal_each_thing_that_happened_is_a_line_once()
    {
        var (board, lines) = (NewBoard(), new LiveLines(_console, TimeSpan.FromSeconds(5)));
        board.Plan(10);
        board.Add(TimelineKind.Step, "started");
        lines.Write(board.Read());
        lines.Write(board.Read());
        _time.Advance(TimeSpan.FromSeconds(5));
        lines.Write(board.Read());
        lines.Write(board.Read());

        Assert.Equal(1, Count("started"));
        Assert.Equal(1, Count("0 of 10 tasks"));
    }

    [Fact]
    public async Task A_screen_shows_the_last_of_it_and_returns_what_the_work_does()
    {
        var board = NewBoard();
        var screen = new LiveScreen(_console, _time);

        var result = await screen.ShowAsync(board, () =>
        {
            board.Add(TimelineKind.Step, "done");
            return Task.FromResult(42);
        });

        Assert.Equal((42, 1), (result, Count("done")));
    }

    [Fact]
    public async Task A_screen_hands_on_the_failure_of_the_work() =>
        await Assert.ThrowsAsync<UsageException>(() => new LiveScreen(_console, _time).ShowAsync<int>(NewBoard(), () => throw new UsageException("no")));

    [Fact]
    public void The_rate_is_that_of_the_newest_seconds()
    {
        var meter = new ThroughputMeter();

        Assert.Equal(0, meter.Add(TimeSpan.Zero, 0));
        Assert.Equal(100, meter.Add(TimeSpan.FromSeconds(2), 200));
        Assert.Equal(500, meter.Add(TimeSpan.FromSeconds(4), 1_200));
        Assert.Equal(0, meter.Add(TimeSpan.FromSeconds(10), 1_200));
    }

    private LiveBoard NewBoard() => new("demo on SQLite", _time);

    private int Count(string text) => _console.Output.Split('\n').Count(line => line.Contains(text, StringComparison.Ordinal));
}
