namespace FaultTolerance.Silo.Tests;

public sealed class StartFailureTests
{
    private static readonly UnauthorizedAccessException Denied = new("Access to the path '/etc/silo.json' is denied.");

    [Fact]
    public void What_may_not_be_read_is_told_with_its_path_and_the_remedy() =>
        Assert.Equal("Access to the path '/etc/silo.json' is denied. Give the user that runs the silo the right to it.", StartFailure.Describe(Denied));

    [Fact]
    public void It_is_found_below_what_others_have_put_around_it() =>
        Assert.Equal(StartFailure.Describe(Denied), StartFailure.Describe(new InvalidOperationException("Something failed.", new AggregateException(Denied))));

    [Fact]
    public void A_defect_is_not_told_in_words() => Assert.Null(StartFailure.Describe(new InvalidOperationException("It cannot be.")));
}
