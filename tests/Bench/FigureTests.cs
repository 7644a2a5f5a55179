using FaultTolerance.Bench.Measuring;
using FaultTolerance.Bench.Reports;

namespace FaultTolerance.Bench.Tests;

public sealed class FigureTests
{
    [Theory]
    [InlineData(new double[] { 3 }, 3)]
    [InlineData(new double[] { 9, 1, 5 }, 5)]
    [InlineData(new double[] { 4, 1, 2, 100 }, 3)]
    public void The_median_is_the_middle_or_the_mean_of_both_middles(double[] values, double median) => Assert.Equal(median, Statistics.Median(values));

    [Theory]
    [InlineData(0.5, 25)]
    [InlineData(0.98, 49)]
    [InlineData(0.99, 50)]
    [InlineData(1, 50)]
    public void A_percentile_is_the_value_of_the_nearest_rank(double share, double percentile) =>
        Assert.Equal(percentile, Statistics.Percentile([.. Enumerable.Range(1, 50).Reverse().Select(value => (double)value)], share));

    [Fact]
    public void Of_one_time_every_percentile_is_that_one() => Assert.Equal(new Spread(2, 2), Spread.Of([TimeSpan.FromSeconds(2)]));

    [Theory]
    [InlineData(0, "0.00")]
    [InlineData(1.239, "1.24")]
    [InlineData(12.34, "12.3")]
    [InlineData(123.4, "123")]
    [InlineData(24_709.3, "24,700")]
    public void Figures_have_three_digits_that_mean_something(double figure, string text) => Assert.Equal(text, Figures.Text(figure));
}
