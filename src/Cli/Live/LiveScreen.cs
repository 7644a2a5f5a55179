using Spectre.Console;

namespace FaultTolerance.Cli.Live;

/// <summary>Shows a run while it goes on: as a picture where there is a terminal, as lines where there is none.</summary>
internal sealed class LiveScreen(IAnsiConsole console, TimeProvider timeProvider)
{
    private static readonly TimeSpan PictureInterval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromSeconds(5);

    /// <summary>Shows a run until its work ends, and returns what the work returns.</summary>
    public async Task<T> ShowAsync<T>(LiveBoard board, Func<Task<T>> work)
    {
        if (console.Profile.Capabilities.Interactive && console.Profile.Capabilities.Ansi)
        {
            return await console.Live(LiveView.Draw(board.Read())).StartAsync(context => RefreshAsync(
                work(), PictureInterval, () => context.UpdateTarget(LiveView.Draw(board.Read()))));
        }

        var lines = new LiveLines(console, ProgressInterval);
        return await RefreshAsync(work(), PictureInterval, () => lines.Write(board.Read()));
    }

    private async Task<T> RefreshAsync<T>(Task<T> work, TimeSpan interval, Action refresh)
    {
        using var timer = new PeriodicTimer(interval, timeProvider);
        while (!work.IsCompleted)
        {
            refresh();
            await Task.WhenAny(work, timer.WaitForNextTickAsync().AsTask());
        }

        refresh();
        return await work;
    }
}
