using FaultTolerance.Cli.Clusters;
using FaultTolerance.Cli.Demo;

namespace FaultTolerance.Cli.Tests.Demo;

public sealed class DemoCommandTests : IDisposable
{
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();
    private DemoOptions? _options;

    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
    }

    [Fact]
    public async Task Without_options_three_silos_on_sqlite_lose_one_half_way_over_the_sdk()
    {
        Assert.Equal(ExitCodes.Right, await RunAsync("demo"));

        Assert.Equal(new DemoOptions { Folder = DefaultFolder.Find() }, _options);
        Assert.Equal(
            (3, KillTarget.One, KillMoment.HalfWay, KillSignal.Kill, StoreKind.Sqlite, 1, false, false),
            (_options!.Silos, _options.Kill, _options.At, _options.Signal, _options.Store, _options.Repeat, _options.Keep, _options.Json));
    }

    [Fact]
    public async Task Every_option_is_read()
    {
        await RunAsync(
            "demo", "/some/folder", "--silos", "5", "--kill", "all", "--at", "3s", "--signal", "pause", "--store", "postgres",
            "--connection", "Host=localhost", "--repeat", "20", "--data", "/some/data", "--keep", "--json");

        Assert.Equal(
            new DemoOptions
            {
                Folder = "/some/folder",
                Silos = 5,
                Kill = KillTarget.All,
                At = new KillMoment(null, TimeSpan.FromSeconds(3)),
                Signal = KillSignal.Pause,
                Store = StoreKind.Postgres,
                Connection = "Host=localhost",
                Repeat = 20,
                Data = "/some/data",
                Keep = true,
                Json = true,
            },
            _options);
    }

    [Theory]
    [InlineData("--silos is 0; it must be between 1 and 32.", "--silos", "0")]
    [InlineData("--repeat is 10001; it must be between 1 and 10000.", "--repeat", "10001")]
    [InlineData("--at is 'noon'; write a part of the tasks", "--at", "noon")]
    [InlineData("oracle", "--store", "oracle")]
    [InlineData("two", "--kill", "two")]
    [InlineData("nudge", "--signal", "nudge")]
    [InlineData("--store postgres needs --connection", "--store", "postgres")]
    [InlineData("--connection is for --store postgres", "--connection", "Host=localhost")]
    [InlineData("--frobnicate", "--frobnicate", "1")]
    public async Task A_bad_command_line_is_told_on_standard_error_and_nothing_runs(string expected, params string[] arguments)
    {
        Assert.Equal(ExitCodes.Usage, await RunAsync(["demo", .. arguments]));

        Assert.Contains(expected, _error.ToString(), StringComparison.Ordinal);
        Assert.Equal("", _output.ToString());
        Assert.Null(_options);
    }

    [Fact]
    public async Task All_that_is_wrong_is_told_at_once()
    {
        await RunAsync("demo", "--silos", "0", "--repeat", "0");

        Assert.Contains("--silos", _error.ToString(), StringComparison.Ordinal);
        Assert.Contains("--repeat", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fault_of_the_environment_is_told_with_the_exit_code_for_it()
    {
        var exitCode = await FtCommand.RunAsync(["demo"], _output, _error, Programs((_, _) => throw new UsageException("the folder is gone; name another")));

        Assert.Equal((ExitCodes.Usage, "the folder is gone; name another"), (exitCode, _error.ToString().TrimEnd()));
    }

    [Fact]
    public async Task An_interrupted_run_has_the_exit_code_for_it()
    {
        var exitCode = await FtCommand.RunAsync(["demo"], _output, _error, Programs((_, _) => throw new OperationCanceledException()));

        Assert.Equal(ExitCodes.Interrupted, exitCode);
    }

    private Task<int> RunAsync(params string[] arguments) => FtCommand.RunAsync(arguments, _output, _error, Programs((options, _) =>
    {
        _options = options;
        return Task.FromResult(ExitCodes.Right);
    }));

    private static FtPrograms Programs(Func<DemoOptions, CancellationToken, Task<int>> demo) => new RecordedPrograms().ToPrograms(demo);
}
