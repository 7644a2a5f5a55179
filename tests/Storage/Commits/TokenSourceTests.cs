using FaultTolerance.Storage.Commits;

namespace FaultTolerance.Storage.Tests;

public sealed class TokenSourceTests
{
    [Fact]
    public void The_same_seed_gives_the_same_tokens_and_another_seed_gives_others()
    {
        var (first, same, other) = (new TokenSource(1), new TokenSource(1), new TokenSource(2));
        long[] tokens = [.. Enumerable.Range(0, 100).Select(_ => first.Next())];

        Assert.Equal(tokens, Enumerable.Range(0, 100).Select(_ => same.Next()));
        Assert.Empty(tokens.Intersect(Enumerable.Range(0, 100).Select(_ => other.Next())));
    }

    [Fact]
    public void No_token_is_given_twice_to_any_thread_and_none_is_zero()
    {
        var source = new TokenSource(1);
        var tokens = Enumerable.Range(0, 100_000).AsParallel().Select(_ => source.Next()).ToHashSet();

        Assert.Equal(100_000, tokens.Count);
        Assert.DoesNotContain(0, tokens);
    }

    [Fact]
    public void Numbers_lie_from_0_up_to_1()
    {
        var source = new TokenSource(1);
        double[] numbers = [.. Enumerable.Range(0, 10_000).Select(_ => source.NextDouble())];

        Assert.All(numbers, number => Assert.True(number is >= 0 and < 1));
        Assert.InRange(numbers.Average(), 0.48, 0.52);
    }
}
