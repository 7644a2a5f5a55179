using FaultTolerance.Grains.Tasks;

namespace FaultTolerance.Grains.Tests.Tasks;

public sealed class FailureBoundsTests
{
    private const int Kept = FailureBounds.NearestKept + FailureBounds.RootsKept;

    [Fact]
    public void A_failure_within_the_limits_is_left_as_it_is()
    {
        var failure = ChainOf(Kept);

        Assert.Same(failure, FailureBounds.Bound(failure));
    }

    [Fact]
    public void A_long_chain_keeps_its_nearest_and_its_root_causes_and_says_how_many_are_left_out()
    {
        var bounded = FailureBounds.Bound(ChainOf(100)).Chain().ToList();

        Assert.Equal(
            Enumerable.Range(0, FailureBounds.NearestKept).Concat(Enumerable.Range(100 - FailureBounds.RootsKept, FailureBounds.RootsKept)),
            bounded.Select(link => link.Attempt));
        Assert.Equal(100 - Kept, bounded[FailureBounds.NearestKept - 1].OmittedCauses);
        Assert.Equal(100 - Kept, bounded.Sum(link => link.OmittedCauses));
    }

    [Fact]
    public void A_chain_that_grows_link_by_link_counts_each_one_that_it_leaves_out_once()
    {
        TaskFailure? failure = null;
        for (var i = 0; i < 5_000; i++)
        {
            failure = FailureBounds.Bound(new TaskFailure { Kind = FailureKind.DependencyFailed, Message = "It needs the one before.", Attempt = i, Cause = failure });
        }

        var links = failure!.Chain().ToList();
        Assert.Equal(Kept, links.Count);
        Assert.Equal(5_000 - Kept, links.Sum(link => link.OmittedCauses));
        Assert.Equal((4_999, 0), (links[0].Attempt, links[^1].Attempt));
    }

    [Fact]
    public void Long_texts_are_cut_alike_and_short_ones_stay_whole()
    {
        var failure = new TaskFailure
        {
            Kind = FailureKind.UserException,
            Message = "short",
            StackTrace = new string('s', 100_000),
            Cause = new TaskFailure { Kind = FailureKind.UserException, Message = new string('m', 200_000), ExceptionType = new string('t', 9_000) },
        };

        var bounded = FailureBounds.Bound(failure, 10_000);

        Assert.Equal("short", bounded.Message);
        Assert.Equal(bounded.StackTrace!.Length, bounded.Cause!.Message.Length);
        Assert.EndsWith(" …", bounded.StackTrace, StringComparison.Ordinal);
        Assert.InRange(FailureBounds.SizeOf(bounded), 18_000, 2 * 10_000 + 400);
    }

    [Fact]
    public void Base_types_without_end_are_cut()
    {
        var failure = new TaskFailure { Kind = FailureKind.UserException, Message = "m", ExceptionBaseTypes = [.. Enumerable.Repeat(new string('b', 1_000), 1_000)] };

        Assert.InRange(FailureBounds.SizeOf(FailureBounds.Bound(failure)), 0, 2 * FailureBounds.MaxText);
    }

    /// <summary>A chain whose links tell by their attempt where they stand.</summary>
    private static TaskFailure ChainOf(int links)
    {
        TaskFailure? failure = null;
        for (var i = links - 1; i >= 0; i--)
        {
            failure = new TaskFailure { Kind = FailureKind.DependencyFailed, Message = "It needs the one before.", Attempt = i, Cause = failure };
        }

        return failure!;
    }
}
