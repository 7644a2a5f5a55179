namespace FaultTolerance.Bench.Tests;

public sealed class BenchCommandTests
{
    [Fact]
    public void Without_arguments_all_rows_are_measured_on_three_silos()
    {
        var options = Read();

        Assert.Empty(options.Only);
        Assert.Equal((3, 5, false, false), (options.Silos, options.Rounds, options.Quick, options.Json));
    }

    [Fact]
    public void Rows_are_chosen_by_how_their_names_start() =>
        Assert.Equal(["postgres", "lambda"], Read("--only", "postgres", "--only", "lambda", "--quick", "--json").Only);

    [Theory]
    [InlineData("--only", "mysql", "No row's name starts with 'mysql'")]
    [InlineData("--silos", "0", "--silos is 0; it must be between 1 and 9.")]
    [InlineData("--rounds", "101", "--rounds is 101; it must be between 1 and 100.")]
    public void What_there_is_not_is_refused_with_what_there_is(string option, string value, string error) =>
        Assert.StartsWith(error, Assert.Single(Command(_ => { }).Parse([option, value]).Errors).Message, StringComparison.Ordinal);

    [Fact]
    public void No_two_rows_have_one_name()
    {
        var names = BenchRows.All.Select(row => row.Name).ToList();

        Assert.Equal(names.Distinct(), names);
    }

    private static BenchOptions Read(params string[] arguments)
    {
        BenchOptions? read = null;
        Assert.Equal(0, Command(options => read = options).Parse(arguments).Invoke());
        return read!;
    }

    private static System.CommandLine.RootCommand Command(Action<BenchOptions> run) => BenchCommand.Create((options, _) =>
    {
        run(options);
        return Task.FromResult(0);
    });
}
