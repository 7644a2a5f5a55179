using FaultTolerance.Cli.Connections;
using FaultTolerance.Cli.Orders;

namespace FaultTolerance.Cli.Tests.Orders;

public sealed class OrderCommandTests : IDisposable
{
    private readonly RecordedPrograms _programs = new();
    private readonly CommandLine _ft;

    public OrderCommandTests() => _ft = new CommandLine(_programs.ToPrograms());

    public void Dispose() => _ft.Dispose();

    [Fact]
    public async Task Each_order_is_read()
    {
        await _ft.RunAsync("quarantine", "silo-1", "--reason", "a loud fan");
        await _ft.RunAsync("release", "silo-1", "--json");
        await _ft.RunAsync("drain", "silo-2");
        await _ft.RunAsync("drain", "silo-2", "--within", "30", "--preempted", "--no-wait");
        await _ft.RunAsync("evict", "silo-3");

        var target = new ClusterTarget();
        Assert.Equal(
            [
                ["order", target, new OrderRequest(NodeOrderKind.Quarantine, "silo-1", "a loud fan"), false],
                ["order", target, new OrderRequest(NodeOrderKind.None, "silo-1", null), true],
                ["order", target, new OrderRequest(NodeOrderKind.Drain, "silo-2", null), false],
                ["order", target, new OrderRequest(NodeOrderKind.Drain, "silo-2", null, TimeSpan.FromSeconds(30), IsPreemption: true, Waits: false), false],
                ["order", target, new OrderRequest(NodeOrderKind.Evict, "silo-3", null), false],
            ],
            _programs.Calls);
    }

    [Theory]
    [InlineData("ft drain --help", "drain")]
    [InlineData("--within is -1; it must be between 0 and 604800.", "drain", "silo-1", "--within", "-1")]
    [InlineData("--preempted needs --within", "drain", "silo-1", "--preempted")]
    [InlineData("ft quarantine --help", "quarantine", "silo-1", "--within", "5")]
    public async Task A_bad_command_line_is_told_on_standard_error_and_nothing_runs(string expected, params string[] arguments)
    {
        Assert.Equal(ExitCodes.Usage, await _ft.RunAsync(arguments));

        Assert.Contains(expected, _ft.Error, StringComparison.Ordinal);
        Assert.Empty(_programs.Calls);
    }

    [Fact]
    public async Task A_reason_that_is_too_long_is_refused()
    {
        Assert.Equal(ExitCodes.Usage, await _ft.RunAsync("evict", "silo-1", "--reason", new string('x', 501)));

        Assert.Contains("--reason has 501 characters; at most 500 are kept.", _ft.Error, StringComparison.Ordinal);
    }
}
